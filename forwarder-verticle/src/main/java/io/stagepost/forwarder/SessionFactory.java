package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings;
import io.stagepost.config.ForwardSettings.TemporaryFailures.Outcome;
import io.stagepost.net.NextHop;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Opens SMTP sessions with next hops. */
final class SessionFactory {

  private final Vertx vertx;
  private final ForwardSettings settings;
  private final RelayLog log;
  private final Connector connector;

  SessionFactory(Vertx vertx, ForwardSettings settings, RelayLog log) {
    this.vertx = vertx;
    this.settings = settings;
    this.log = log;
    this.connector = new Connector(vertx, settings);
  }

  ForwardSettings settings() {
    return settings;
  }

  /**
   * A session that is ready for mail. Fails with {@link LinkException}.
   *
   * @param message the first message that it is for, for the log
   */
  Future<SmtpClientSession> open(NextHop hop, String message) {
    return connector
        .connect(hop)
        .compose(
            socket -> {
              SmtpLink link = new SmtpLink(vertx, socket, settings.timeouts().response(), log);
              link.about(message);
              return new SmtpClientSession(vertx, settings, hop, link).greet();
            });
  }

  /** Whether a message that met a 4xx or a broken connection is kept for later. */
  boolean keepsTroubled() {
    return settings.temporaryFailures().outcome() == Outcome.KEEP;
  }

  Future<Void> close() {
    return connector.close();
  }
}
