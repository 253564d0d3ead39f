package io.stagepost.net;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A proxy that connects to a host whose name it looks up itself. {@code toString} shows no
 * credentials.
 *
 * @param credentials for {@link Version#SOCKS5} only
 */
public record SocksProxy(Version version, NextHop.Tcp address, Optional<Credentials> credentials) {

  /**
   * Checks that the credentials can be sent.
   *
   * @throws IllegalArgumentException when the protocol has no place for them
   */
  public SocksProxy {
    if (version == Version.SOCKS4A && credentials.isPresent()) {
      throw new IllegalArgumentException("SOCKS 4a has no passwords");
    }
  }

  /** One of SOCKS 4a at a host and port. */
  public static SocksProxy socks4a(NextHop.Tcp address) {
    return new SocksProxy(Version.SOCKS4A, address, Optional.empty());
  }

  /** {@code host:port}. */
  @Override
  public String toString() {
    return address.toString();
  }

  /** The protocol spoken with a proxy. */
  public enum Version {
    /** The extension of SOCKS 4 by host names. */
    SOCKS4A,
    /** RFC 1928. */
    SOCKS5
  }

  /** A name and a password of RFC 1929, of 1 to 255 octets each in UTF-8. */
  public record Credentials(String user, String password) {

    private static final int LONGEST = 255;

    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException when one can't be sent
     */
    public Credentials {
      if (!fits(user) || !fits(password)) {
        throw new IllegalArgumentException("a name and a password of 1 to 255 octets are needed");
      }
    }

    private static boolean fits(String text) {
      return !text.isEmpty() && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    @Override
    public String toString() {
      return "***:***";
    }
  }
}
