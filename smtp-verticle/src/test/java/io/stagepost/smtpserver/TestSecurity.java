package io.stagepost.smtpserver;

import io.stagepost.auth.LoginGuard;
import io.stagepost.auth.MechanismRules;
import io.stagepost.auth.SecurityEvents;
import io.stagepost.auth.SenderRules;
import io.stagepost.auth.ServerAuthOptions;
import io.stagepost.auth.ServerAuthOptions.Modern;
import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.auth.ThrottleOptions;
import io.stagepost.config.SecuritySettings;
import io.stagepost.config.SecuritySettings.ClearPasswords;
import io.stagepost.config.SecuritySettings.Need;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.net.tls.TestAuthority;
import io.stagepost.net.tls.TlsEngine;
import io.stagepost.net.tls.TlsVersions;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Certificates and accounts for tests; all share one certificate. */
final class TestSecurity {

  private static final Path DIRECTORY = temporary();
  private static final TestAuthority AUTHORITY = TestAuthority.create(DIRECTORY, "clients");
  private static final Path CERTIFICATE =
      AUTHORITY.issue("relay.test", "localhost", "127.0.0.1").pem();

  Tls tls = Tls.OFF;
  Need need = Need.OPTIONAL;
  ClearPasswords clearPasswords = ClearPasswords.OFFERED;
  Optional<String> verify = Optional.empty();
  TlsEngine engine = TlsEngine.JDK;
  Duration handshake = Duration.ofSeconds(30);
  ThrottleOptions throttle = ThrottleOptions.OFF;

  /** Lines of a secrets file; empty for no authentication. */
  String accounts = "";

  String mechanisms = "";

  /** Who issues certificates for these tests. */
  static TestAuthority authority() {
    return AUTHORITY;
  }

  SmtpSecurity open(Vertx vertx) {
    SecuritySettings.Server settings =
        new SecuritySettings.Server(
            tls,
            need,
            tls == Tls.OFF ? List.of() : List.of(CERTIFICATE),
            verify,
            accounts.isEmpty() ? Optional.empty() : Optional.of(secrets().toString()),
            mechanisms.isEmpty() ? Optional.empty() : Optional.of(mechanisms),
            clearPasswords);
    return new SmtpSecurity(
        settings,
        settings.certificate().isEmpty() ? Optional.empty() : Optional.of(tls(vertx, settings)),
        settings.accounts().map(file -> authenticator(vertx, file)),
        SenderRules.NONE);
  }

  private ServerTls tls(Vertx vertx, SecuritySettings.Server settings) {
    return RunningIntake.await(
        ServerTls.load(
            vertx,
            new ServerTls.Settings(
                settings.certificate(), verify, TlsVersions.DEFAULT, engine, handshake),
            RelayLog.of("")));
  }

  private ServerAuthenticator authenticator(Vertx vertx, String file) {
    ServerAuthenticator authenticator =
        ServerAuthenticator.create(
            LoginGuard.create(vertx),
            file,
            new ServerAuthOptions(
                MechanismRules.parse(
                    mechanisms.isEmpty() ? Optional.empty() : Optional.of(mechanisms)),
                Modern.ON_REQUEST,
                throttle,
                SecurityEvents.NONE,
                RelayLog.of("")));
    RunningIntake.await(authenticator.open());
    return authenticator;
  }

  private Path secrets() {
    try {
      return Files.writeString(Files.createTempFile(DIRECTORY, "secrets", ""), accounts + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("stagepost-security");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
