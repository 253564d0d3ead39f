package io.stagepost.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.stagepost.smtp.MailArguments.Utf8;
import java.util.EnumSet;
import java.util.Set;

/** The parameters of MAIL and RCPT, fed with anything. */
class ParametersFuzzTest {

  private static final Set<PathRule> RULES = EnumSet.allOf(PathRule.class);

  @FuzzTest(maxDuration = "4s")
  void whatIsAcceptedIsWellFormed(byte[] input) {
    String text = new String(input, UTF_8);
    mail("FROM:<a@b> " + text);
    rcpt("TO:<a@b> " + text);
  }

  private static void mail(String argument) {
    try {
      MailArguments mail = MailArguments.parse(argument, RULES);
      assertThat(mail.size()).isNotNegative();
      assertThat(mail.auth().equals("<>") || Xtext.isValid(mail.auth())).isTrue();
      assertThat(mail.dsnReturn()).isIn("", "FULL", "HDRS");
      assertThat(Xtext.isValid(mail.dsnEnvelopeId())).isTrue();
    } catch (SyntaxException e) {
      assertThat(e.why()).isNotEmpty();
    }
  }

  private static void rcpt(String argument) {
    try {
      RcptArguments rcpt = RcptArguments.parse(argument, RULES, Utf8.DECLARED);
      assertThat(rcpt.dsnNotify()).matches("|NEVER|(SUCCESS|FAILURE|DELAY)(,[A-Z]+){0,2}");
      assertThat(rcpt.dsnOriginal()).matches("|[^;\\p{Cntrl}]+;\\P{Cntrl}+");
    } catch (SyntaxException e) {
      assertThat(e.why()).isNotEmpty();
    }
  }
}
