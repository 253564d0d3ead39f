package io.stagepost.config;

import io.stagepost.net.NextHop;
import io.stagepost.net.SocksProxy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The forwarding of one relay.
 *
 * @param domain our name in EHLO; without a dot, the socket's own address is sent instead
 * @param nextHop where everything goes that has no address of its own
 * @param triggers what starts a run
 * @param poll the period of further runs
 * @param connections how many at once to one next hop
 * @param recipients what to do when only some recipients are accepted
 * @param temporaryFailures what a 4xx means
 * @param features switches of the protocol
 * @param timeouts limits of time
 * @param localAddress what outgoing connections are bound to; its family also selects that of the
 *     next hop
 * @param proxy what next hops are reached through that name no proxy of their own
 */
public record ForwardSettings(
    String domain,
    Optional<NextHop> nextHop,
    Set<Trigger> triggers,
    Optional<Duration> poll,
    int connections,
    RecipientPolicy recipients,
    TemporaryFailures temporaryFailures,
    Set<Feature> features,
    Timeouts timeouts,
    Optional<String> localAddress,
    Optional<SocksProxy> proxy) {

  /** Copies the collections. */
  public ForwardSettings {
    triggers = Set.copyOf(triggers);
    features = Set.copyOf(features);
    if (connections < 1) {
      throw new IllegalArgumentException("forwarding needs at least one connection");
    }
  }

  /** What starts a run, apart from the period and a request. */
  public enum Trigger {
    STARTUP,
    /** A submitting client has disconnected. */
    DISCONNECT,
    /** A message became ready. */
    ARRIVAL,
    /** One run at start-up, then the process ends. */
    ONE_SHOT
  }

  /** What to do when only some recipients are accepted. */
  public enum RecipientPolicy {
    /** All or none. */
    ALL,
    /** Send to those. */
    SOME
  }

  /** Switches of the client's side of the protocol. */
  public enum Feature {
    PIPELINING,
    /** Use BDAT where offered and useful. */
    CHUNKING,
    SMTPUTF8STRICT,
    EIGHTBITSTRICT,
    BINARYMIMESTRICT,
    LINGER
  }

  /**
   * What a 4xx, or a broken connection, means for a message.
   *
   * @param outcome fail it as the original does, or keep it for a later round
   * @param delay how long a kept message waits at first; doubles with each attempt
   * @param maximumDelay the longest wait
   */
  public record TemporaryFailures(Outcome outcome, Duration delay, Duration maximumDelay) {

    /** Fail or keep. */
    public enum Outcome {
      FAIL,
      KEEP
    }

    /** As E-MailRelay does. */
    public static final TemporaryFailures FAIL =
        new TemporaryFailures(Outcome.FAIL, Duration.ZERO, Duration.ZERO);

    /** From a minute up to an hour. */
    public static final TemporaryFailures KEEP =
        new TemporaryFailures(Outcome.KEEP, Duration.ofMinutes(1), Duration.ofHours(1));
  }

  /**
   * Limits of time.
   *
   * @param connect connection including the lookup of the name
   * @param greeting then the dialogue goes on without it; zero waits for ever
   * @param response for each reply
   * @param idle how long an unused connection is kept
   */
  public record Timeouts(Duration connect, Duration greeting, Duration response, Duration idle) {

    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(40),
            Duration.ofSeconds(20),
            Duration.ofMinutes(30),
            Duration.ofSeconds(2));
  }
}
