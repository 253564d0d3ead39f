package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole session, fed with anything in segments of any size. */
class SessionFuzzTest {

  private static final Pattern END = Pattern.compile("\r\n(?=\\.\r\n)");
  private static final Pattern LAST = Pattern.compile("(?i)BDAT[ \t]+[0-9]+[ \t]+LAST");
  private static final Pattern REPLY = Pattern.compile("[2-5][0-9][0-9][ -].*");

  /** The first octet says how the rest is cut. */
  @FuzzTest(maxDuration = "6s")
  void noInputBreaksTheSession(byte[] input) {
    int cut = input.length == 0 ? 1 : 1 + (input[0] & 0x1f);
    String text =
        new String(input, Math.min(1, input.length), Math.max(0, input.length - 1), ISO_8859_1);
    OfflineSession client = new OfflineSession(TestSettings.own());
    client.feed("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n");
    for (int at = 0; at < text.length(); at += cut) {
      client.feed(text.substring(at, Math.min(text.length(), at + cut)));
    }
    client.session.closed();
    assertThat(client.replies()).allMatch(line -> REPLY.matcher(line).matches());
    assertThat(client.spool.stored().size())
        .isLessThanOrEqualTo(count(END, "\r\n" + text) + count(LAST, text));
    assertThat(client.spool.unfinished()).isZero();
  }

  private static int count(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    int count = 0;
    while (matcher.find()) {
      count++;
    }
    return count;
  }
}
