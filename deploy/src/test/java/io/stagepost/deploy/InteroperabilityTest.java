package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mail programs submit to the assembled relay, which forwards to Postfix: every byte must come
 * through.
 */
@Tag("postfix")
class InteroperabilityTest {

  private static final int HUGE = 50 * 1000 * 1000;
  private static final Pattern RECEIVED =
      Pattern.compile(
          "Received: from \\S+ \\(\\[127\\.0\\.0\\.1]\\) by relay\\.localdomain with ESMTP ; [^\r]+\r\n$");
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir static Path directory;
  private static Postfix postfix;
  private static Relay relay;

  @BeforeAll
  static void start() throws IOException {
    postfix = Postfix.start();
    relay =
        Relay.serving(Files.createDirectory(directory.resolve("spool")))
            .options("--forward-to", postfix.address(), "--forward-on-arrival")
            .listening();
  }

  @AfterAll
  static void stop() {
    relay.close();
    postfix.close();
  }

  /** What every program must be able to do. */
  abstract static class Submission {

    private final MailProgram program;

    Submission(MailProgram program) {
      this.program = program;
    }

    @Test
    void plain() throws IOException {
      passes(text("hello\r\n.\r\n..\r\n.dots\r\n\r\nend\r\n".getBytes(UTF_8)), recipient("plain"));
    }

    @Test
    void severalRecipients() throws IOException {
      passes(
          text("to many\r\n".getBytes(UTF_8)),
          recipient("one"),
          recipient("two"),
          recipient("three"));
    }

    @Test
    void eightBit() throws IOException {
      byte[] body = "Grüße, dvacet čtyři, 五十\r\n\u00ff\r\n".getBytes(UTF_8);
      byte[] latin = "nicht UTF-8: \u00e4\u00f6\u00fc\u00df\r\n".getBytes(ISO_8859_1);
      passes(text(concat(body, latin)), recipient("eight"));
    }

    @Test
    void huge() throws IOException {
      passes(text(lines(HUGE)), recipient("huge"));
    }

    void passes(byte[] message, String... recipients) throws IOException {
      Path file =
          Files.write(Files.createTempFile(directory, "message", ".eml"), program.prepare(message));
      program.submit(relay.port(), "sender@example.com", List.of(recipients), file).succeed();
      for (String recipient : recipients) {
        assertSame(postfix.await(recipient), message);
      }
      Files.delete(file);
    }
  }

  @Nested
  @Tag("swaks")
  class Swaks extends Submission {
    Swaks() {
      super(MailProgram.SWAKS);
    }
  }

  @Nested
  @Tag("curl")
  class Curl extends Submission {
    Curl() {
      super(MailProgram.CURL);
    }

    @Test
    void smtpUtf8() throws IOException {
      passes(text("Grüße\r\n".getBytes(UTF_8)), recipient("curl-grüße"));
    }
  }

  @Nested
  @Tag("msmtp")
  class Msmtp extends Submission {
    Msmtp() {
      super(MailProgram.MSMTP);
    }

    @Test
    void smtpUtf8() throws IOException {
      passes(text("Grüße\r\n".getBytes(UTF_8)), recipient("msmtp-grüße"));
    }
  }

  @Nested
  @Tag("python")
  class Smtplib extends Submission {
    Smtplib() {
      super(MailProgram.PYTHON);
    }

    @Test
    void smtpUtf8() throws IOException {
      passes(text("Grüße\r\n".getBytes(UTF_8)), recipient("python-grüße"));
    }
  }

  @Nested
  @Tag("python")
  class Bdat extends Submission {
    Bdat() {
      super(MailProgram.PYTHON_BDAT);
    }

    @Test
    void smtpUtf8() throws IOException {
      passes(text("Grüße\r\n".getBytes(UTF_8)), recipient("bdat-grüße"));
    }
  }

  /** s-nail writes the header itself, so only what it was given can be compared. */
  @Nested
  @Tag("s-nail")
  class Snail {

    @Test
    void plain() throws IOException {
      passes("hello\n.dots\nend\n".getBytes(UTF_8), recipient("snail"));
    }

    @Test
    void severalRecipients() throws IOException {
      passes("to many\n".getBytes(UTF_8), recipient("snail-one"), recipient("snail-two"));
    }

    @Test
    void eightBit() throws IOException {
      passes("Grüße, dvacet čtyři, 五十\n".getBytes(UTF_8), recipient("snail-eight"));
    }

    @Test
    void huge() throws IOException {
      byte[] body = new String(lines(HUGE), ISO_8859_1).replace("\r\n", "\n").getBytes(ISO_8859_1);
      passes(body, recipient("snail-huge"));
    }

    private void passes(byte[] body, String... recipients) throws IOException {
      Path file = Files.write(Files.createTempFile(directory, "message", ".txt"), body);
      Command.of("s-nail", "-:/", "-S", "v15-compat", "-S", "smtp-auth=none")
          .with(List.of("-S", "mta=smtp://127.0.0.1:" + relay.port(), "-S", "sendwait"))
          .with(List.of("-S", "mime-encoding=8bit", "-S", "ttycharset=utf-8", "-S", "emptystart"))
          .with(List.of("-S", "sendcharsets=utf-8", "-S", "from=sender@example.com"))
          .with(List.of("-s", "from s-nail"))
          .with(List.of(recipients))
          .input(file)
          .succeed();
      for (String recipient : recipients) {
        byte[] delivered = postfix.await(recipient);
        assertThat(endOf(delivered, body.length).equals(endOf(body, body.length))).isTrue();
      }
    }

    private static String endOf(byte[] whole, int length) {
      return new String(whole, Math.max(0, whole.length - length), length, ISO_8859_1);
    }
  }

  private static void assertSame(byte[] delivered, byte[] sent) {
    byte[] whole = Bytes.withCrLf(delivered);
    int start = whole.length - sent.length;
    assertThat(start).isPositive();
    assertThat(Arrays.equals(whole, start, whole.length, sent, 0, sent.length))
        .as("content after the Received lines")
        .isTrue();
    assertThat(RECEIVED.matcher(new String(whole, 0, start, UTF_8)).find())
        .as(new String(whole, 0, start, UTF_8))
        .isTrue();
  }

  private static String recipient(String name) {
    return name + "." + NUMBER.incrementAndGet() + "@example.com";
  }

  private static byte[] text(byte[] body) {
    return concat(
        "From: Sender <sender@example.com>\r\nSubject: interoperability\r\n\r\n".getBytes(UTF_8),
        body);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] lines(int size) {
    Random random = new Random(size);
    byte[] alphabet =
        ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(size + 1000);
    while (out.size() < size) {
      int length = random.nextInt(1, 900);
      for (int i = 0; i < length; i++) {
        out.write(alphabet[(i + length) % alphabet.length]);
      }
      out.write('\r');
      out.write('\n');
    }
    return out.toByteArray();
  }
}
