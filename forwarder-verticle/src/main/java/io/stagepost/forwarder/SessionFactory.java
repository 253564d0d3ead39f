package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings;
import io.stagepost.config.ForwardSettings.TemporaryFailures.Outcome;
import io.stagepost.forwarder.Dialogue.Form;
import io.stagepost.forwarder.Handshake.Purpose;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Opens SMTP sessions with next hops. */
final class SessionFactory {

  // A connection that was made the old way is let go at last when it gets as old as this.
  private static final long LONGEST_FAREWELL_HOURS = 24;

  private final Vertx vertx;
  private final Supplier<ForwardSettings> settings;
  private ClientSecurity security;
  private final RelayLog log;
  private final Set<Connector> retired = new HashSet<>();
  private Connector connector;

  SessionFactory(
      Vertx vertx, Supplier<ForwardSettings> settings, ClientSecurity security, RelayLog log) {
    this.vertx = vertx;
    this.settings = settings;
    this.security = security;
    this.log = log;
    this.connector = new Connector(vertx, settings.get());
  }

  /** Those that hold now; a session keeps those that it began with. */
  ForwardSettings settings() {
    return settings.get();
  }

  /** Protects sessions that begin from now on in another way. */
  void protect(ClientSecurity next) {
    security.close();
    security = next;
  }

  /** What a session to a destination would be for at this moment. Never fails. */
  Future<Purpose> purpose(Destination to) {
    ClientSecurity now = security;
    return now.identity(to.selector()).map(identity -> new Purpose(to, identity, now));
  }

  /**
   * A session that is ready for mail. Fails with {@link LinkException}.
   *
   * @param message the first message that it is for, for the log
   */
  Future<SmtpClientSession> open(Purpose purpose, String message) {
    ForwardSettings now = settings.get();
    Dialogue dialogue = new Dialogue();
    return connector(now)
        .connect(purpose.to().hop(), dialogue)
        .compose(
            connection -> {
              Duration patience = now.timeouts().response();
              SmtpLink link = new SmtpLink(vertx, connection, patience, dialogue, log);
              link.about(message);
              return new Handshake(vertx, now, purpose, link)
                  .run()
                  .map(agreed -> new SmtpClientSession(vertx, now, purpose, link, agreed))
                  .recover(e -> Future.failedFuture(told(e, purpose, link)));
            });
  }

  private static Throwable told(Throwable e, Purpose purpose, SmtpLink link) {
    return e instanceof LinkException cause
        ? cause.during(Attempt.of(purpose.to().hop(), link, Form.FULL))
        : e;
  }

  /** Whether a message that met a 4xx or a broken connection is kept for later. */
  boolean keepsTroubled() {
    return settings.get().temporaryFailures().outcome() == Outcome.KEEP;
  }

  Future<Void> close() {
    retired.forEach(Connector::close);
    security.close();
    return connector.close();
  }

  private Connector connector(ForwardSettings now) {
    Connector old = connector;
    if (!old.isFor(now)) {
      connector = new Connector(vertx, now);
      retired.add(old);
      old.retire(LONGEST_FAREWELL_HOURS).onComplete(v -> retired.remove(old));
    }
    return connector;
  }
}
