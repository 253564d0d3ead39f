package io.stagepost.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A relay with a POP server, and the Maildir that it serves to alice. */
final class PopRelay implements AutoCloseable {

  private static final Pattern LISTENING = Pattern.compile("pop server on 127\\.0\\.0\\.1:(\\d+)");

  private final Path maildir;
  private final Relay relay;

  private PopRelay(Path maildir, Relay relay) {
    this.maildir = maildir;
    this.relay = relay;
  }

  /** Starts one in a directory, where there may be one of an earlier start. */
  static PopRelay start(Path directory, List<String> options, String... virtualMachine)
      throws IOException {
    Path maildir = directory.resolve("mail/alice");
    for (String place : List.of("tmp", "new", "cur")) {
      Files.createDirectories(maildir.resolve(place));
    }
    Path secrets = directory.resolve("secrets");
    Files.writeString(secrets, "server plain alice e+3Dmc2\n");
    Path tls = Distribution.DEPLOY.resolve("src/test/resources/tls/server.pem");
    Relay relay =
        Relay.serving(Files.createDirectories(directory.resolve("spool")))
            .options("--pop", "--pop-port", "0", "--pop-auth", secrets.toString())
            .options(
                "--server-tls", "--server-tls-certificate", tls.toString(), "--clear-passwords")
            .options("--server-tls-verify", "<none>", "--pop-tls-port", "0")
            .options("--pop-format", "maildir")
            .options("--pop-maildir", directory.resolve("mail") + "/%u")
            .options(options.toArray(String[]::new))
            .virtualMachine(virtualMachine)
            .listening();
    return new PopRelay(maildir, relay);
  }

  Relay relay() {
    return relay;
  }

  /** The port for connections that begin in the clear. */
  int port() {
    return ports().getFirst();
  }

  int tlsPort() {
    return ports().getLast();
  }

  private List<Integer> ports() {
    return LISTENING
        .matcher(relay.log())
        .results()
        .map(found -> Integer.parseInt(found.group(1)))
        .toList();
  }

  Path put(String name, String content) throws IOException {
    return Files.writeString(
        maildir.resolve("new").resolve(name), content, StandardCharsets.ISO_8859_1);
  }

  Path fresh() {
    return maildir.resolve("new");
  }

  @Override
  public void close() {
    relay.close();
  }
}
