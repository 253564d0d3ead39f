package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.forwarder.ReplyParser.Result;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.ReplyCode;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {

  private final ReplyParser parser = new ReplyParser();

  private Result next(String octets) {
    parser.append(Buffer.buffer(octets));
    return parser.next();
  }

  private static Result reply(int code, String... lines) {
    return new Result.Complete(new Reply(new ReplyCode(code), null, List.of(lines)));
  }

  @Test
  void repliesComeOneByOne() {
    assertThat(next("250-a\r\n250-b\r\n250 c\r\n354 go\r\n2")).isEqualTo(reply(250, "a", "b", "c"));
    assertThat(parser.next()).isEqualTo(reply(354, "go"));
    assertThat(parser.next()).isInstanceOf(Result.Incomplete.class);
    assertThat(next("21\r\n")).isEqualTo(reply(221, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "250-a\r\n251 b\r\n",
        "25\r\n",
        "\r\n",
        "hello\r\n",
        "250_a\r\n",
        "199 a\r\n",
        "600 a\r\n"
      })
  void whatIsNoReplyIsInvalid(String octets) {
    assertThat(next(octets)).isEqualTo(new Result.Invalid("invalid response"));
  }

  @Test
  void textIsUtf8AndHoldsNoLineEnd() {
    assertThat(next("250 b\u00fccher\nx\ry\r\n")).isEqualTo(reply(250, "b\u00fccher x y"));
  }

  @Test
  void aReplyOfTwentyThousandOctetsIsTheLongest() {
    String line = "250-" + "x".repeat(9_994) + "\r\n";
    String last = "250 " + "x".repeat(9_994) + "\r\n";
    assertThat(next(line + last)).isInstanceOf(Result.Complete.class);
    assertThat(next(line + last.replace("250 ", "250 x")))
        .isEqualTo(new Result.Invalid("overflow on input"));
  }

  @Test
  void aLineWithoutEndIsNotCollectedForEver() {
    assertThat(next("250 " + "x".repeat(19_996))).isInstanceOf(Result.Incomplete.class);
    assertThat(next("x")).isEqualTo(new Result.Invalid("overflow on input"));
  }
}
