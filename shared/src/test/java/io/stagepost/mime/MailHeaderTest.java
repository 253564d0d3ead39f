package io.stagepost.mime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MailHeaderTest {

  @Provide
  Arbitrary<String> headers() {
    Arbitrary<String> name =
        Arbitraries.strings()
            .withCharRange('!', '9')
            .withCharRange(';', '~')
            .ofMinLength(1)
            .ofMaxLength(20);
    Arbitrary<String> line = Arbitraries.strings().withChars(" \tab:;,<>@\"\\(üž日").ofMaxLength(30);
    Arbitrary<String> folded =
        line.map(text -> " x" + text)
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(l -> String.join("\r\n", l));
    return Combinators.combine(name, folded)
        .as((n, f) -> n + ":" + f + "\r\n")
        .list()
        .ofMaxSize(6)
        .map(fields -> String.join("", fields));
  }

  @Provide
  Arbitrary<String> troublesome() {
    return Arbitraries.strings().withChars("\r\n.a: \0ü").ofMaxLength(60);
  }

  @Property(tries = 300)
  void fieldsComeBackOctetByOctet(@ForAll("headers") String header)
      throws IOException, MailSyntaxException {
    assertThat(copy(header + "\r\nbody\r\n", HeaderRule.STRICT)).isEqualTo(header + "\r\nbody\r\n");
    String bare = header.replace("\r\n", "\n") + "\nbody";
    assertThat(copy(bare, HeaderRule.STRICT)).isEqualTo(header + "\r\nbody\r\n");
  }

  @Property(tries = 500)
  void whatIsWrittenHasNoOtherLineEnd(@ForAll("troublesome") String text) throws IOException {
    try {
      String copy = copy(text, HeaderRule.LENIENT);
      assertThat(copy.replace("\r\n", "")).doesNotContain("\r", "\n");
      assertThat(copy).contains("\r\n\r\n".substring(copy.startsWith("\r\n") ? 2 : 0));
      // What was read once is read the same again.
      assertThat(copy(copy, HeaderRule.STRICT)).isEqualTo(copy);
    } catch (MailSyntaxException e) {
      assertThat(text).contains("\0");
    }
  }

  @Property(tries = 500)
  void noValueAddsAField(@ForAll("troublesome") String value) throws Exception {
    MailHeader header = read("To: a@b.c\n\n", HeaderRule.STRICT);
    MailHeader made;
    try {
      made = header.withFirst("X-Test", value);
    } catch (FieldException e) {
      assertThat(e.field()).isEqualTo("X-Test");
      assertThat(value).containsAnyOf("\r", "\n", "\0");
      return;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    made.write(out);
    MailHeader again = read(out.toString(UTF_8), HeaderRule.STRICT);
    assertThat(again.text("X-Test")).contains(value.strip());
    assertThat(again.addresses("To")).containsExactly(new MailAddress("", "a@b.c"));
  }

  @Test
  void M2_headerWithoutEndIsRefused() {
    assertThatThrownBy(() -> read("X: " + "y".repeat(17 << 20), HeaderRule.LENIENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("header of more than");
    assertThatThrownBy(
            () -> read(("X: " + "y".repeat(1000) + "\n").repeat(17_000), HeaderRule.LENIENT))
        .isInstanceOf(IOException.class);
  }

  @Test
  void M4_deepCommentsAreBounded() throws Exception {
    String deep = "(".repeat(100_000) + ")".repeat(100_000);
    assertThat(read("To: a@b.c " + deep + "\n\n", HeaderRule.STRICT).addresses("To"))
        .containsExactly(new MailAddress("", "a@b.c"));
  }

  @Test
  void replacedFieldStaysWhereItWas() throws Exception {
    MailHeader header = read("A: 1\nBcc: x\nB: 2\nbcc: y\nC: 3\n\n", HeaderRule.STRICT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    header.withInstead("bcc", "z").write(out);
    assertThat(out.toString(UTF_8)).isEqualTo("A: 1\r\nbcc: z\r\nB: 2\r\nC: 3\r\n\r\n");
  }

  @Test
  void errorsNameTheLine() {
    for (String wrong :
        List.of("A: 1\n b\nnonsense\n\n", "A: 1\n\tb\n: x\n\n", "A: 1\n b\nC: \0\n")) {
      assertThatThrownBy(() -> read(wrong, HeaderRule.STRICT))
          .isInstanceOf(MailSyntaxException.class)
          .hasMessageEndingWith(": line 3");
    }
  }

  private static MailHeader read(String text, HeaderRule rule)
      throws IOException, MailSyntaxException {
    return MailHeader.read(lines(text), rule);
  }

  private static String copy(String text, HeaderRule rule) throws IOException, MailSyntaxException {
    TextLines lines = lines(text);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MailHeader.read(lines, rule).write(out);
    lines.writeRest(out);
    return out.toString(UTF_8);
  }

  private static TextLines lines(String text) {
    return new TextLines(new ByteArrayInputStream(text.getBytes(UTF_8)), DotRule.IS_TEXT);
  }
}
