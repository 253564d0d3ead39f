package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Our accounts as a file or the option itself has them; never changes. */
record ClientSecrets(List<SecretRecord> records) {

  private static final String INLINE = "plain:";

  /** Copies the list. */
  ClientSecrets {
    records = List.copyOf(records);
  }

  /** Whether an option names an account itself. */
  static boolean isInline(String text) {
    return text.startsWith(INLINE);
  }

  /**
   * The account of {@code plain:<base64 id>:<base64 password>}.
   *
   * @throws IllegalArgumentException when it isn't written like that
   */
  static ClientSecrets inline(String text) {
    String[] parts = text.substring(INLINE.length()).split(":", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("not an account: plain:...");
    }
    byte[] id = decoded(parts[0]);
    Buffer password = Buffer.buffer(decoded(parts[1]));
    return new ClientSecrets(
        List.of(new SecretRecord(SecretType.PLAIN, Octets.text(id), password, "", 0)));
  }

  List<SecretRecord> of(String selector) {
    return records.stream().filter(record -> record.selector().equals(selector)).toList();
  }

  private static byte[] decoded(String text) {
    Optional<byte[]> octets = text.equals("=") ? Optional.of(new byte[0]) : Octets.ofBase64(text);
    return octets.orElseThrow(() -> new IllegalArgumentException("not base64: plain:..."));
  }
}
