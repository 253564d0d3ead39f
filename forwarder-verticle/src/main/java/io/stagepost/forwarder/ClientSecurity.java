package io.stagepost.forwarder;

import io.stagepost.auth.ClientAuthenticator;
import io.stagepost.auth.ClientSelection;
import io.stagepost.auth.MechanismRules;
import io.stagepost.config.SecuritySettings;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.net.tls.ClientTls;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/** What one forwarder has to encrypt connections and to say who it is. */
final class ClientSecurity {

  private final SecuritySettings.Client settings;
  private final Optional<ClientTls> tls;
  private final Optional<ClientAuthenticator> accounts;

  private ClientSecurity(
      SecuritySettings.Client settings,
      Optional<ClientTls> tls,
      Optional<ClientAuthenticator> accounts) {
    this.settings = settings;
    this.tls = tls;
    this.accounts = accounts;
  }

  /**
   * Reads certificates and accounts; fails with the reason why they can't be used.
   *
   * @param handshake how long a handshake may take
   */
  static Future<ClientSecurity> load(
      Vertx vertx, SecuritySettings security, Duration handshake, RelayLog log) {
    SecuritySettings.Client client = security.client();
    Optional<ClientAuthenticator> accounts =
        client
            .accounts()
            .map(
                named ->
                    ClientAuthenticator.create(
                        vertx, Optional.of(named), MechanismRules.parse(client.mechanisms()), log));
    Future<Optional<ClientTls>> tls =
        client.tls() == Tls.OFF
            ? Future.succeededFuture(Optional.empty())
            : ClientTls.load(vertx, settings(client, handshake), manner(security), log)
                .map(Optional::of);
    return tls.compose(
        loaded ->
            accounts
                .map(ClientAuthenticator::open)
                .orElseGet(Future::succeededFuture)
                .map(v -> new ClientSecurity(client, loaded, accounts))
                .onFailure(e -> loaded.ifPresent(ClientTls::close)));
  }

  SecuritySettings.Client settings() {
    return settings;
  }

  /**
   * What to encrypt connections with.
   *
   * @throws IllegalStateException when that is not configured
   */
  ClientTls tls() {
    return tls.orElseThrow(IllegalStateException::new);
  }

  /** Whether certificates are looked at. */
  boolean isVerifying() {
    return tls.filter(ClientTls::isVerifying).isPresent();
  }

  /** Who to be for a message. Never fails. */
  Future<ClientSelection> identity(String selector) {
    return accounts
        .map(a -> a.select(selector))
        .orElseGet(() -> Future.succeededFuture(withoutAccounts(selector)));
  }

  void close() {
    tls.ifPresent(ClientTls::close);
  }

  private static ClientSelection withoutAccounts(String selector) {
    return selector.isEmpty()
        ? new ClientSelection.NoAccounts()
        : new ClientSelection.Unknown(selector);
  }

  private static ClientTls.Settings settings(SecuritySettings.Client client, Duration handshake) {
    SecuritySettings.Verification verification = client.verification();
    return new ClientTls.Settings(
        client.certificate(),
        verification.authorities(),
        verification.name(),
        verification.serverName(),
        handshake);
  }

  private static ClientTls.Manner manner(SecuritySettings security) {
    return new ClientTls.Manner(security.versions(), security.engine());
  }
}
