package io.stagepost.deploy.passwd;

import io.stagepost.auth.SecretForm;
import io.stagepost.auth.SecretsEditor;
import io.stagepost.auth.SecretsEditor.Change;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code stagepost passwd}: makes a secret, and puts it into a secrets file. Exit code 1 after any
 * error.
 */
final class AccountCommand {

  private static final String USAGE =
      """
      usage: stagepost passwd [--type <type>] [--file <file> --user <name> [--delete]]
        --type <type>   TYPES; argon2id is the default
        --file <file>   change the account in this secrets file, instead of printing the secret
        --user <name>   whose account it is
        --delete        remove the account
      The password is typed twice, or is the first line of the standard input.
      """;

  private final Surroundings around;
  private SecretForm form = SecretForm.ARGON2ID;
  private @Nullable String file;
  private @Nullable String user;
  private boolean isDelete;
  private boolean isHelp;

  AccountCommand(Surroundings around) {
    this.around = around;
  }

  int run(List<String> words) {
    Optional<String> wrong = read(new ArrayDeque<>(words));
    if (wrong.isPresent()) {
      return around.fail(wrong.get());
    }
    if (isHelp) {
      around.out().print(USAGE.replace("TYPES", String.join(", ", SecretForm.names())));
      return 0;
    }
    if ((file == null) != (user == null) || (isDelete && file == null)) {
      return around.fail("--file and --user belong together");
    }
    if (user != null && user.isEmpty()) {
      return around.fail("the user has no name");
    }
    try {
      return isDelete ? delete() : make();
    } catch (IOException e) {
      return around.fail(e.toString());
    } catch (IllegalArgumentException e) {
      return around.fail(String.valueOf(e.getMessage()));
    }
  }

  private int delete() throws IOException {
    Change change = SecretsEditor.delete(Path.of(String.valueOf(file)), String.valueOf(user));
    return change == Change.NOTHING ? around.fail("there is no such user: " + user) : told(change);
  }

  private int make() throws IOException {
    Optional<byte[]> password = password();
    if (password.isEmpty()) {
      return around.fail("the passwords differ");
    }
    if (password.get().length == 0) {
      return around.fail("the password is empty");
    }
    String secret = form.make(password.get());
    if (file == null || user == null) {
      around.out().println(secret);
      return 0;
    }
    return told(SecretsEditor.set(Path.of(file), user, form, secret));
  }

  private int told(Change change) {
    around.out().println(user + ": " + change.name().toLowerCase(Locale.ROOT));
    return 0;
  }

  private Optional<byte[]> password() throws IOException {
    if (around.terminal().isEmpty()) {
      return Optional.of(around.line().getBytes(StandardCharsets.ISO_8859_1));
    }
    Console console = around.terminal().get();
    char[] once = console.readPassword("Password: ");
    char[] again = console.readPassword("Again: ");
    return once != null && Arrays.equals(once, again)
        ? Optional.of(new String(once).getBytes(StandardCharsets.UTF_8))
        : Optional.empty();
  }

  // What is wrong with the words, if anything.
  private Optional<String> read(Deque<String> words) {
    while (!words.isEmpty()) {
      String word = words.remove();
      boolean takesValue = List.of("--type", "--file", "--user").contains(word);
      if (takesValue && words.isEmpty()) {
        return Optional.of("a value is missing: " + word);
      }
      String value = takesValue ? words.remove() : "";
      switch (word) {
        case "--type" -> {
          Optional<SecretForm> named = SecretForm.named(value);
          if (named.isEmpty()) {
            return Optional.of(
                "no type of secret: "
                    + value
                    + ": one of "
                    + String.join(", ", SecretForm.names()));
          }
          form = named.get();
        }
        case "--file" -> file = value;
        case "--user" -> user = value;
        case "--delete" -> isDelete = true;
        case "--help", "-h" -> isHelp = true;
        default -> {
          return Optional.of("invalid option: " + word);
        }
      }
    }
    return Optional.empty();
  }
}
