package io.stagepost.auth;

import io.stagepost.auth.ClientSelection.NoAccounts;
import io.stagepost.auth.ClientSelection.Nobody;
import io.stagepost.auth.ClientSelection.Somebody;
import io.stagepost.auth.ClientSelection.Unknown;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Our accounts, from wherever the option says. */
final class StandardClientAuthenticator implements ClientAuthenticator {

  private final Vertx vertx;
  private final MechanismRules rules;
  private final Optional<ClientSecrets> inline;
  private final Optional<WatchedFile<ClientSecrets>> file;

  StandardClientAuthenticator(
      Vertx vertx, Optional<String> accounts, MechanismRules rules, RelayLog log) {
    this.vertx = vertx;
    this.rules = rules;
    this.inline = accounts.filter(ClientSecrets::isInline).map(ClientSecrets::inline);
    this.file =
        accounts
            .filter(text -> !ClientSecrets.isInline(text))
            .map(
                text ->
                    new WatchedFile<>(
                        Path.of(text),
                        new SecretsContent<>(read -> new ClientSecrets(read.client())),
                        new ClientSecrets(List.of()),
                        log,
                        System::nanoTime));
  }

  @Override
  public Future<Void> open() {
    return file.map(
            watched ->
                vertx.<Void>executeBlocking(
                    () -> {
                      watched.open();
                      return null;
                    },
                    false))
        .orElseGet(Future::succeededFuture);
  }

  @Override
  public Future<ClientSelection> select(String selector) {
    if (file.isEmpty() || !file.get().isDue()) {
      return Future.succeededFuture(now(selector));
    }
    WatchedFile<ClientSecrets> watched = file.get();
    return vertx.executeBlocking(
        () -> {
          watched.refresh();
          return now(selector);
        },
        false);
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  private ClientSelection now(String selector) {
    Optional<ClientSecrets> secrets = file.map(WatchedFile::current).or(() -> inline);
    if (secrets.isEmpty() && selector.isEmpty()) {
      return new NoAccounts();
    }
    List<SecretRecord> found = secrets.map(all -> all.of(selector)).orElse(List.of());
    if (found.isEmpty()) {
      return new Unknown(selector);
    }
    boolean isNobody =
        found.stream()
            .anyMatch(
                record ->
                    record.type() == SecretType.PLAIN
                        && record.id().isEmpty()
                        && record.secret().length() == 0);
    return isNobody
        ? new Nobody()
        : new Somebody(new StandardClientAccount(selector, found, rules));
  }
}
