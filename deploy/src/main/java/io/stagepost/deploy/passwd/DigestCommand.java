package io.stagepost.deploy.passwd;

import io.stagepost.auth.SecretForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code emailrelay-passwd}: prints what a secrets file may have instead of a password. Exit code 1
 * after any error.
 */
final class DigestCommand {

  private static final Map<String, SecretForm> HASHES =
      Map.of(
          "MD5", SecretForm.CRAM_MD5,
          "SHA1", SecretForm.CRAM_SHA1,
          "SHA256", SecretForm.CRAM_SHA256,
          "SHA512", SecretForm.CRAM_SHA512,
          "NONE", SecretForm.PLAIN);
  private static final String USAGE =
      """
      usage: PROGRAM [-H <hash>] [-p <password>] [-b] [-d]
        -H, --hash <name>      MD5 (the default), SHA1, SHA256, SHA512, or NONE for the password itself
        -p, --password <text>  the password, which otherwise is read from the standard input
        -b, --base64           the password is given in base64
        -d, --dotted           eight decimal numbers, for MD5 only
        -h, --help             show this text
      """;

  private final Surroundings around;
  private String hash = "MD5";
  private @Nullable String password;
  private boolean isBase64;
  private boolean isDotted;
  private boolean isHelp;

  DigestCommand(Surroundings around) {
    this.around = around;
  }

  int run(List<String> words) {
    Optional<String> wrong = read(new ArrayDeque<>(words));
    if (wrong.isPresent()) {
      return around.fail(wrong.get());
    }
    if (isHelp) {
      around.out().print(USAGE.replace("PROGRAM", around.program()));
      return 0;
    }
    SecretForm form = HASHES.get(hash.toUpperCase(Locale.ROOT));
    if (form == null) {
      return around.fail("invalid hash function: " + hash);
    }
    if (isDotted && form != SecretForm.CRAM_MD5) {
      return around.fail("the dotted form is for MD5 only");
    }
    byte[] octets;
    try {
      octets = password();
    } catch (IllegalArgumentException e) {
      return around.fail("invalid base64 encoding");
    } catch (IOException e) {
      return around.fail("cannot read the password");
    }
    if (octets.length == 0) {
      return around.fail("invalid password: it is empty");
    }
    around.out().println(isDotted ? SecretForm.dotted(octets) : form.make(octets));
    return 0;
  }

  private byte[] password() throws IOException {
    byte[] octets =
        password == null
            ? around.line().getBytes(StandardCharsets.ISO_8859_1)
            : password.getBytes(StandardCharsets.UTF_8);
    return isBase64 ? Base64.getDecoder().decode(octets) : octets;
  }

  // What is wrong with the words, if anything.
  private Optional<String> read(Deque<String> words) {
    while (!words.isEmpty()) {
      String word = words.remove();
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      boolean takesValue = List.of("-H", "--hash", "-p", "--password").contains(name);
      if (equals >= 0 && !takesValue) {
        return Optional.of("invalid option: " + word);
      }
      if (takesValue && equals < 0 && words.isEmpty()) {
        return Optional.of("a value is missing: " + name);
      }
      String value = !takesValue ? "" : equals < 0 ? words.remove() : word.substring(equals + 1);
      switch (name) {
        case "-H", "--hash" -> hash = value;
        case "-p", "--password" -> password = value;
        case "-b", "--base64" -> isBase64 = true;
        case "-d", "--dotted" -> isDotted = true;
        case "-h", "--help" -> isHelp = true;
        default -> {
          return Optional.of(
              (word.startsWith("-") ? "invalid option: " : "too many words: ") + word);
        }
      }
    }
    return Optional.empty();
  }
}
