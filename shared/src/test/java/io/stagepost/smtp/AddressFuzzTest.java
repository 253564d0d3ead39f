package io.stagepost.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.EnumSet;
import java.util.Set;

/** The path of MAIL and RCPT, fed with anything. */
class AddressFuzzTest {

  private static final Set<PathRule> RULES = EnumSet.of(PathRule.BRACKETS, PathRule.A_LABELS);

  @FuzzTest(maxDuration = "4s")
  void whatIsAcceptedIsSafeAndStable(byte[] input) {
    Mailbox mailbox;
    try {
      mailbox = PathParser.parse("FROM", new String(input, UTF_8), RULES).mailbox();
    } catch (SyntaxException e) {
      assertThat(e.why()).isNotEmpty();
      return;
    }
    assertThat(mailbox.stored().chars()).noneMatch(Character::isISOControl);
    int at = mailbox.stored().lastIndexOf('@');
    assertThat(at < 0 || Mailbox.isAscii(mailbox.stored().substring(at))).isTrue();
    assertThat(again(mailbox)).isEqualTo(mailbox.stored());
  }

  private static String again(Mailbox mailbox) {
    try {
      return PathParser.parse("TO", "TO:<" + mailbox.stored() + ">", RULES).mailbox().stored();
    } catch (SyntaxException e) {
      throw new AssertionError("accepted once and then refused: " + e.why(), e);
    }
  }
}
