package io.stagepost.config;

import io.stagepost.net.AddressRanges;
import io.stagepost.net.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The POP3 server of one relay.
 *
 * @param domain our name in the greeting's challenge
 * @param listen where to listen
 * @param admission who may connect, and how many
 * @param store where an account's messages are
 * @param deletion whether DELE removes anything
 * @param accounts a secrets file or {@code pam:}
 * @param spool the directory of the relay's messages
 * @param idle how long a client may be silent
 * @param features what goes beyond E-MailRelay, and is on
 */
public record PopSettings(
    String domain,
    Listen listen,
    Admission admission,
    Store store,
    Deletion deletion,
    String accounts,
    Path spool,
    Duration idle,
    Set<Feature> features) {

  /** Copies the set. */
  public PopSettings {
    features = Set.copyOf(features);
  }

  /** Whether a feature is on. */
  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /**
   * Where to listen; both empty when there is no POP3 server here.
   *
   * @param plain for connections that begin in the clear
   * @param tls for connections that are encrypted from their first octet
   */
  public record Listen(List<ListenAddress> plain, List<ListenAddress> tls) {

    /** Copies the lists. */
    public Listen {
      plain = List.copyOf(plain);
      tls = List.copyOf(tls);
    }
  }

  /**
   * Who may connect.
   *
   * @param local which clients count as local; those on unix-domain sockets always do
   * @param connections how many at the same time; 0 for any number
   * @param connectionsPerClient how many from one address; 0 for any number
   */
  public record Admission(
      SmtpSettings.Clients clients,
      AddressRanges local,
      int connections,
      int connectionsPerClient) {}

  /** Where an account's messages are. */
  public sealed interface Store {

    /** All accounts see the spool. */
    record Shared() implements Store {}

    /** Each account has a directory in the spool, called as it is. */
    record ByName() implements Store {}

    /**
     * Each account has a Maildir.
     *
     * @param pattern a directory with {@code %u} for the account, {@code %n} and {@code %d} for
     *     what is before and after its {@code @}
     */
    record Maildir(String pattern) implements Store {}
  }

  /** What becomes of messages that a client has deleted. */
  public enum Deletion {
    REMOVE,
    KEEP
  }

  /** What goes beyond E-MailRelay. */
  public enum Feature {
    /** Commands may be sent ahead (RFC 2449 §6.6); they may in any case. */
    PIPELINING,
    /** Reasons in square brackets (RFC 2449 §8, RFC 3206). */
    RESPCODES,
    /** That nothing expires (RFC 2449 §6.7). */
    EXPIRE,
    /** UTF-8 in headers and names (RFC 6856 §2). */
    UTF8,
    /** The language of texts (RFC 6856 §3). */
    LANG,
    /** What the server is (RFC 2449 §6.9). */
    IMPLEMENTATION,
    /** One session at a time has a maildrop (RFC 1939 §8). */
    LOCK,
    /** Where encryption is required, it is for POP as well. */
    TLSREQUIRED
  }
}
