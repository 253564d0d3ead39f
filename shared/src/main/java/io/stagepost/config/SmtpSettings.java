package io.stagepost.config;

import io.stagepost.net.AddressRanges;
import io.stagepost.net.ListenAddress;
import io.stagepost.wire.BareLineEnds;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The SMTP server of one relay.
 *
 * @param domain our name in greeting, EHLO and Received
 * @param product the name and version in the greeting, for instance {@code Stagepost V0.1.0}
 * @param listen where to listen; empty when there is no SMTP server
 * @param clients who may connect
 * @param network what surrounds it
 * @param anonymous what is hidden
 * @param features what is offered and insisted on
 * @param limits bounds
 * @param timeouts limits of time
 * @param bareLineEnds what to do about bare CR and LF
 * @param submission whether 250 waits for the next hop
 */
public record SmtpSettings(
    String domain,
    String product,
    List<ListenAddress> listen,
    Clients clients,
    Network network,
    Set<AnonymousScope> anonymous,
    Set<Feature> features,
    Limits limits,
    Timeouts timeouts,
    LineEndPolicy bareLineEnds,
    Submission submission) {

  /** Copies the collections. */
  public SmtpSettings {
    listen = List.copyOf(listen);
    anonymous = Set.copyOf(anonymous);
    features = Set.copyOf(features);
  }

  /** Who may connect. */
  public enum Clients {
    /** Those of {@link Network#local} only. */
    LOCAL,
    /** Everybody. */
    ALL
  }

  /**
   * What surrounds the server.
   *
   * @param local which clients count as local; those on unix-domain sockets always do
   * @param proxies whose connections have to begin with a PROXY header
   * @param submissions where to listen for connections that are encrypted from their first octet,
   *     beside {@link SmtpSettings#listen}
   */
  public record Network(
      AddressRanges local, AddressRanges proxies, List<ListenAddress> submissions) {

    /** Private addresses are local, and there is nothing else. */
    public static final Network DEFAULT =
        new Network(AddressRanges.LOCAL, new AddressRanges(List.of()), List.of());

    /** Copies the list. */
    public Network {
      submissions = List.copyOf(submissions);
    }
  }

  /** Switches of the protocol; the first seven are words of {@code --server-smtp-config}. */
  public enum Feature {
    PIPELINING,
    CHUNKING,
    SMTPUTF8,
    /** Refuse non-ASCII mailboxes when MAIL had no SMTPUTF8. */
    SMTPUTF8STRICT,
    /** Refuse addresses without angle brackets. */
    STRICTPARSING,
    ALABELS,
    /** Close normally; otherwise with a reset. */
    LINGER,
    ENHANCEDSTATUSCODES,
    /** Offer DSN and record its parameters; otherwise they are ignored. */
    DSN,
    /** Answer HELP with 214 instead of 502. */
    HELP
  }

  /** Whether the sender's 250 waits for the next hop's. */
  public enum Submission {
    STORED,
    IMMEDIATE
  }

  /**
   * Bounds; 0 means no bound.
   *
   * @param messageSize octets as stored
   * @param recipients for one message; more are answered 452
   * @param badCommands the last of so many is answered and the connection closed
   * @param commandLength octets of a command line; longer ones are answered 500
   * @param connections in all; more are answered 421
   * @param connectionsPerClient for one address; more are answered 421
   * @param receivedHeaders more Received lines than this are a loop, answered 554
   */
  public record Limits(
      long messageSize,
      int recipients,
      int badCommands,
      int commandLength,
      int connections,
      int connectionsPerClient,
      int receivedHeaders) {

    public static final Limits DEFAULT = new Limits(0, 10_000, 8, 16_384, 20_000, 0, 100);
  }

  /**
   * Limits of time; each is answered 421 and the connection closed.
   *
   * @param idle without anything received
   * @param command for one command line from its first octet to its end
   * @param drain how long an orderly shutdown waits for transactions under way
   */
  public record Timeouts(Duration idle, Duration command, Duration drain) {

    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofMinutes(30), Duration.ofMinutes(5), Duration.ofSeconds(5));
  }

  /**
   * What to do about bare CR and LF in content.
   *
   * @param action for most clients
   * @param allowed addresses and CIDR ranges for which they are allowed
   */
  public record LineEndPolicy(BareLineEnds action, List<String> allowed) {

    public static final LineEndPolicy DEFAULT = new LineEndPolicy(BareLineEnds.REJECT, List.of());

    /** Copies the list. */
    public LineEndPolicy {
      allowed = List.copyOf(allowed);
    }
  }
}
