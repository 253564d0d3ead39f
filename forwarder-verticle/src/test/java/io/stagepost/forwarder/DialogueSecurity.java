package io.stagepost.forwarder;

import io.stagepost.config.SecuritySettings;
import io.stagepost.config.SecuritySettings.Author;
import io.stagepost.config.SecuritySettings.Client;
import io.stagepost.config.SecuritySettings.Need;
import io.stagepost.config.SecuritySettings.Passwords;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.config.SecuritySettings.Verification;
import io.stagepost.net.tls.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What dialogues may set about encryption and authentication.
 *
 * <p>{@code tls} ({@code starttls} or {@code implicit}), {@code required}, {@code verify} ({@code
 * ours}, {@code others}), {@code name}; {@code auth} (lines of a secrets file, the selector last,
 * separated by semicolons, with blanks as underscores), {@code mechanisms}, {@code passwords},
 * {@code nobody}. The server shows a certificate for {@code hop.test}.
 */
final class DialogueSecurity {

  // The password "secret", and what PLAIN makes of it, as they go over the wire.
  private static final List<String> SECRETS = List.of("c2VjcmV0", "AG1lAHNlY3JldA==");

  private final Path directory;
  private final SSLContext server;
  private final Path ours;
  private final Path others;

  DialogueSecurity(Path directory) {
    this.directory = directory;
    TestAuthority authority = TestAuthority.create(directory, "ours");
    this.ours = authority.certificate();
    this.server = authority.issue("hop.test").server();
    this.others = TestAuthority.create(directory, "others").certificate();
  }

  SSLContext server() {
    return server;
  }

  SecuritySettings settings(Map<String, String> with) {
    SecuritySettings none = SecuritySettings.NONE;
    Tls tls = Tls.valueOf(with.getOrDefault("tls", "off").toUpperCase(Locale.ROOT));
    Optional<String> authorities =
        Optional.ofNullable(with.get("verify"))
            .map(whose -> (whose.equals("ours") ? ours : others).toString());
    return new SecuritySettings(
        none.server(),
        new Client(
            tls,
            with.containsKey("required") ? Need.REQUIRED : Need.OPTIONAL,
            List.of(),
            new Verification(
                authorities, Optional.ofNullable(with.get("name")), Optional.of("hop.test")),
            Optional.ofNullable(with.get("auth")).map(this::accounts),
            Optional.ofNullable(with.get("mechanisms")),
            Passwords.valueOf(with.getOrDefault("passwords", "anywhere").toUpperCase(Locale.ROOT)),
            with.containsKey("nobody") ? Author.NOBODY : Author.ACCOUNT),
        none.versions(),
        none.engine(),
        none.guard());
  }

  /** Nothing but accounts. */
  static SecuritySettings withAccounts(Path secrets) {
    SecuritySettings none = SecuritySettings.NONE;
    Client client = none.client();
    return new SecuritySettings(
        none.server(),
        new Client(
            client.tls(),
            client.need(),
            client.certificate(),
            client.verification(),
            Optional.of(secrets.toString()),
            client.mechanisms(),
            client.passwords(),
            client.author()),
        none.versions(),
        none.engine(),
        none.guard());
  }

  static boolean revealsSecret(String line) {
    return SECRETS.stream().anyMatch(line::contains);
  }

  private String accounts(String lines) {
    try {
      Path file = Files.createTempFile(directory, "secrets", "");
      String text = lines.replace(';', '\n').replace('_', ' ') + "\n";
      return Files.writeString(file, text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
