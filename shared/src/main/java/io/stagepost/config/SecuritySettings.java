package io.stagepost.config;

import io.stagepost.auth.ServerAuthOptions.Modern;
import io.stagepost.auth.ThrottleOptions;
import io.stagepost.net.tls.TlsEngine;
import io.stagepost.net.tls.TlsVersions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Encryption and authentication of one relay, towards its clients and towards its next hop.
 *
 * @param versions of TLS, for both sides
 * @param engine what does the cryptography of TLS
 * @param guard what protects accounts of clients
 */
public record SecuritySettings(
    Server server, Client client, TlsVersions versions, TlsEngine engine, Guard guard) {

  /** Nothing is encrypted and nobody is asked who they are. */
  public static final SecuritySettings NONE =
      new SecuritySettings(
          new Server(
              Tls.OFF,
              Need.OPTIONAL,
              List.of(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              ClearPasswords.OFFERED),
          new Client(
              Tls.OFF,
              Need.OPTIONAL,
              List.of(),
              new Verification(Optional.empty(), Optional.empty(), Optional.empty()),
              Optional.empty(),
              Optional.empty(),
              Passwords.ANYWHERE,
              Author.ACCOUNT),
          TlsVersions.DEFAULT,
          TlsEngine.JDK,
          new Guard(Modern.ON_REQUEST, ThrottleOptions.OFF, Optional.empty()));

  /** The same for a server that has nobody to authenticate by them. */
  public SecuritySettings withoutAccounts() {
    Server bare =
        new Server(
            server.tls,
            server.need,
            server.certificate,
            server.verify,
            Optional.empty(),
            Optional.empty(),
            server.clearPasswords);
    return new SecuritySettings(
        bare, client, versions, engine, new Guard(guard.modern, guard.throttle, Optional.empty()));
  }

  /** How a connection becomes encrypted. */
  public enum Tls {
    OFF,
    /** By a command of the protocol: STARTTLS, STLS. */
    STARTTLS,
    /** From its first octet. */
    IMPLICIT
  }

  /** Whether anything is done in the clear. */
  public enum Need {
    OPTIONAL,
    REQUIRED
  }

  /** Whether mechanisms that show the password are offered on connections in the clear. */
  public enum ClearPasswords {
    OFFERED,
    WITHHELD
  }

  /**
   * Towards clients.
   *
   * @param certificate a PEM file with key and chain, or the file of the key and then that of the
   *     chain; empty without TLS
   * @param verify authorities for clients' certificates: a file or directory, {@code <default>} or
   *     {@code <none>}
   * @param accounts a secrets file or {@code pam:}; authentication is demanded when present
   * @param mechanisms {@code --server-auth-config}, for POP as well
   * @param clearPasswords for POP as well
   */
  public record Server(
      Tls tls,
      Need need,
      List<Path> certificate,
      Optional<String> verify,
      Optional<String> accounts,
      Optional<String> mechanisms,
      ClearPasswords clearPasswords) {

    /** Copies the list. */
    public Server {
      certificate = List.copyOf(certificate);
    }
  }

  /**
   * Towards the next hop.
   *
   * @param certificate as for {@link Server}, shown when the next hop asks
   * @param accounts a secrets file or {@code plain:<base64>:<base64>}
   * @param mechanisms {@code --client-auth-config}
   * @param passwords where mechanisms that reveal the secret may be used
   * @param author what is told in the AUTH parameter of MAIL when the envelope doesn't say
   */
  public record Client(
      Tls tls,
      Need need,
      List<Path> certificate,
      Verification verification,
      Optional<String> accounts,
      Optional<String> mechanisms,
      Passwords passwords,
      Author author) {

    /** Copies the list. */
    public Client {
      certificate = List.copyOf(certificate);
    }
  }

  /** Where a password, or what is as good as one, may be sent. */
  public enum Passwords {
    ANYWHERE,
    /** Over encrypted connections, to whoever is at the other end. */
    ENCRYPTED,
    /** To next hops whose certificate was verified. */
    VERIFIED
  }

  /** Who is named as a message's author when we are authenticated (RFC 4954 §5). */
  public enum Author {
    /** Our account. */
    ACCOUNT,
    NOBODY
  }

  /**
   * How the next hop's certificate is looked at.
   *
   * @param authorities a file or directory, {@code <default>} or {@code <none>}
   * @param name that the certificate must have; {@code <host>} for the next hop's own
   * @param serverName to ask for in the handshake
   */
  public record Verification(
      Optional<String> authorities, Optional<String> name, Optional<String> serverName) {}

  /**
   * What protects accounts of clients, for POP as well.
   *
   * @param modern whether SCRAM-SHA-256 is offered
   * @param throttle for those who guess passwords
   * @param senders file of the addresses that authenticated clients may send as
   */
  public record Guard(Modern modern, ThrottleOptions throttle, Optional<Path> senders) {}
}
