package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Accepted;
import io.stagepost.auth.SaslStep.Challenge;
import io.stagepost.auth.SaslStep.Refused;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.Assertions;

/** Peers for tests, and the way through an exchange. */
final class Clients {

  static final RelayLog LOG = RelayLog.of("");

  private Clients() {}

  static AuthPeer at(String address) {
    return new AuthPeer("smtp", address, Privacy.ENCRYPTED, "relay.test", LOG);
  }

  /** The future's outcome; its failure is thrown. */
  static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** The future's failure. */
  static Throwable failure(Future<?> future) {
    return Assertions.catchThrowable(() -> await(future));
  }

  /** Says what a client of ours says; the reason, or the name of who was accepted. */
  static String exchange(SaslServer server, SaslClient client) {
    SaslStep step =
        client
            .initial()
            .map(initial -> await(server.next(initial)))
            .orElseGet(() -> new Challenge(server.start()));
    while (step instanceof Challenge challenge) {
      step = await(server.next(client.respond(challenge.octets()).orElseThrow()));
    }
    return outcome(step);
  }

  /** Says words one after the other. */
  static String say(SaslServer server, String... words) {
    SaslStep step = new Challenge(server.start());
    for (String word : words) {
      step = await(server.next(Buffer.buffer(word)));
    }
    return outcome(step);
  }

  static String outcome(SaslStep step) {
    return switch (step) {
      case Challenge challenge -> "? " + challenge.octets();
      case Accepted accepted -> accepted.identity();
      case Refused refused -> refused.reason().name();
    };
  }
}
