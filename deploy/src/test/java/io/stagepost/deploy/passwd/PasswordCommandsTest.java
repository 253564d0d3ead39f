package io.stagepost.deploy.passwd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordCommandsTest {

  private static final String FOOBAR = "3pIN0aPbd5aN0S4ogKA3w2P3P9XH0hXchLP1W+adpQE=";
  private static final String DOTTED =
      "3507327710.2524437411.674156941.3275202688.3577739107.3692417735.1542828932.27631078";

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Surroundings around(String input) {
    return new Surroundings(
        "emailrelay-passwd",
        new ByteArrayInputStream(input.getBytes(UTF_8)),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        Optional.empty());
  }

  private int digest(String input, String... words) {
    return new DigestCommand(around(input)).run(List.of(words));
  }

  private int account(String input, String... words) {
    return new AccountCommand(around(input)).run(List.of(words));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | " + FOOBAR,
        "-H md5 | " + FOOBAR,
        "--hash=MD5 | " + FOOBAR,
        "-d | " + DOTTED,
        "--dotted --hash MD5 | " + DOTTED,
        "-p foobar -H NONE | foobar",
        "--base64 --password=Zm9vYmFy | " + FOOBAR,
        "--hash NONE -b -p Zm9vIGJhcj0rIw== | foo+20bar+3D+2B#"
      })
  void digestsAreAsTheyAlwaysWere(String words, String line) {
    String[] given = words.isEmpty() ? new String[0] : words.split(" ");
    assertThat(digest("  foobar \t\nmore\n", given)).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo(line + "\n");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void theStandardInputMayHaveBlanksAndNoLineEnd() {
    assertThat(digest("foo bar=+#", "-H", "NONE")).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo("foo+20bar+3D+2B#\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"extra", "-x", "-H", "-H SHA3", "-d -H SHA1", "-p", "-b -p !", "--dotted=yes"})
  void mistakesAreToldAndEndWithOne(String words) {
    assertThat(digest("foobar\n", words.split(" "))).isOne();
    assertThat(out.toString(UTF_8)).isEmpty();
    assertThat(err.toString(UTF_8)).startsWith("emailrelay-passwd: error: ");
  }

  @Test
  void anEmptyPasswordIsAMistake() {
    assertThat(digest(" \n")).isOne();
    assertThat(digest("")).isOne();
    assertThat(digest("x", "-p", "")).isOne();
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void helpIsNoMistake() {
    assertThat(digest("", "--help")).isZero();
    assertThat(out.toString(UTF_8)).startsWith("usage: emailrelay-passwd ");
  }

  @Test
  void aSecretIsPrinted() {
    assertThat(account("foobar\n")).isZero();
    assertThat(out.toString(UTF_8)).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    out.reset();
    assertThat(account("foobar\n", "--type", "cram-md5")).isZero();
    assertThat(out.toString(UTF_8)).isEqualTo(FOOBAR + "\n");
    out.reset();
    assertThat(account("foobar\n", "--type", "bcrypt")).isZero();
    assertThat(out.toString(UTF_8)).startsWith("$2b$10$");
  }

  @Test
  void anAccountIsAddedChangedAndDeleted() throws IOException {
    Path file = directory.resolve("secrets");
    String[] to = {"--type", "plain", "--file", file.toString(), "--user", "alice b"};
    assertThat(account("one\n", to)).isZero();
    assertThat(file).hasContent("server plain alice+20b one\n");
    assertThat(account("two\n", to)).isZero();
    assertThat(file).hasContent("server plain alice+20b two\n");
    assertThat(account("", "--file", file.toString(), "--user", "alice b", "--delete")).isZero();
    assertThat(file).isEmptyFile();
    assertThat(account("", "--file", file.toString(), "--user", "alice b", "--delete")).isOne();
    assertThat(out.toString(UTF_8))
        .isEqualTo("alice b: added\nalice b: changed\nalice b: deleted\n");
    assertThat(Files.exists(file)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--type md4",
        "--file x",
        "--user x",
        "--delete",
        "extra",
        "--file /no/such/directory/file --user x"
      })
  void mistakesOfTheOtherCommandAreToldToo(String words) {
    assertThat(account("foobar\n", words.split(" "))).isOne();
    assertThat(err.toString(UTF_8)).contains("error: ");
  }

  @Test
  void bcryptRefusesWhatItWouldCutOff() {
    assertThat(account("x".repeat(73) + "\n", "--type", "bcrypt")).isOne();
  }
}
