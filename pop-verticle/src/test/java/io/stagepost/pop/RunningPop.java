package io.stagepost.pop;

import io.stagepost.auth.LoginGuard;
import io.stagepost.auth.MechanismRules;
import io.stagepost.auth.ServerAuthOptions;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.bus.BusAddresses;
import io.stagepost.events.EventLog;
import io.stagepost.events.RelayStore;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.net.tls.TlsEngine;
import io.stagepost.net.tls.TlsVersions;
import io.stagepost.spool.file.FileSpool;
import io.stagepost.spool.file.FileSpoolOptions;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A POP server on ports of its own, before a spool in a directory. */
final class RunningPop implements AutoCloseable {

  static final String RELAY = "relay";
  static final Path CERTIFICATE = Path.of("src/test/resources/tls/server.pem");

  /** Thirty octets, with a dot to be doubled. */
  static final String SAMPLE = "Subject: one\r\n\r\n.dot\r\nl2\r\nl3\r\n";

  final Vertx vertx = Vertx.vertx();
  final Path spool;
  final BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
  private final FileSpool store;
  private final LoginGuard guard = LoginGuard.create(vertx);
  private final ServerAuthenticator accounts;
  private final Optional<ServerTls> tls;

  /** A server with as many sample messages as the settings say. */
  static RunningPop with(Path directory, TestSettings settings) {
    try {
      Path spool = Files.createDirectories(directory.resolve("spool"));
      for (int i = 1; i <= settings.messages; i++) {
        put(spool, "emailrelay.1.2." + i, SAMPLE);
      }
      return new RunningPop(directory, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RunningPop(Path directory, TestSettings settings) throws IOException {
    spool = directory.resolve("spool");
    Path secrets = directory.resolve("secrets");
    Files.writeString(secrets, settings.secrets);
    store = FileSpool.create(vertx, FileSpoolOptions.defaults(spool));
    await(store.open());
    RelayLog log = RelayLog.of("");
    accounts =
        ServerAuthenticator.create(
            guard,
            secrets.toString(),
            ServerAuthOptions.of(MechanismRules.parse(settings.mechanisms), log));
    await(accounts.open());
    tls =
        settings.tls
            ? Optional.of(
                await(
                    ServerTls.load(
                        vertx,
                        new ServerTls.Settings(
                            List.of(CERTIFICATE),
                            Optional.of("<none>"),
                            TlsVersions.DEFAULT,
                            TlsEngine.JDK,
                            Duration.ofSeconds(30)),
                        log)))
            : Optional.empty();
    vertx
        .eventBus()
        .<JsonObject>consumer(
            new BusAddresses(RELAY).deliveryEvents(), message -> events.add(message.body()));
    Access access = new Access(accounts, tls, settings.clear);
    await(
        vertx.deployVerticle(
            () ->
                new PopVerticle(
                    RELAY,
                    settings.build(spool, secrets),
                    access,
                    new RelayStore(store, EventLog.none())),
            new DeploymentOptions().setInstances(2)));
  }

  /** Puts a message into a directory as another program would. */
  static void put(Path directory, String stem, String content) {
    try {
      Files.writeString(directory.resolve(stem + ".content"), content, StandardCharsets.ISO_8859_1);
      Files.writeString(
          directory.resolve(stem + ".envelope"),
          """
          X-MailRelay-Format: #2821.3
          X-MailRelay-Content: 8bit
          X-MailRelay-From: a@example.com
          X-MailRelay-ToCount: 1
          X-MailRelay-To-Remote: b@example.com
          X-MailRelay-Authentication:\s
          X-MailRelay-Client: 127.0.0.1
          X-MailRelay-End: 1
          """
              .replace("\n", "\r\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port(0);
  }

  int tlsPort() {
    return port(1);
  }

  private int port(int index) {
    return ((ListenAddress.Inet) PopService.of(vertx, RELAY).listening().get(index)).port();
  }

  FileSpool store() {
    return store;
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("it took too long", e);
    }
  }

  @Override
  public void close() {
    await(guard.close());
    tls.ifPresent(ServerTls::close);
    await(store.close());
    await(vertx.close());
  }
}
