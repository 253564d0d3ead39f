package io.stagepost.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Messages as other programs leave them in a spool directory. */
final class SpoolFiles {

  private SpoolFiles() {}

  /** Puts a message for one recipient there. */
  static void put(Path spool, String recipient) {
    String envelope =
        String.join(
            "\r\nX-MailRelay-",
            "X-MailRelay-Format: #2821.8",
            "Content: unknown",
            "From: sender@example.com",
            "ToCount: 1",
            "To-Remote: " + recipient,
            "Authentication: ",
            "Client: 127.0.0.1",
            "ClientCertificate: ",
            "MailFromAuthIn: ",
            "MailFromAuthOut: ",
            "ForwardTo: ",
            "ForwardToAddress: ",
            "ClientAccountSelector: ",
            "Utf8MailboxNames: 0",
            "End: 1\r\n");
    try {
      Files.writeString(spool.resolve("emailrelay.1.1.1.content"), "Subject: t\r\n\r\nbody\r\n");
      Files.writeString(spool.resolve("emailrelay.1.1.1.envelope"), envelope);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of what is there. */
  static List<String> names(Path spool) {
    try (Stream<Path> files = Files.list(spool)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
