package io.stagepost.net;

/**
 * Where to send mail on to: {@code host:port}, with an IPv6 address either in brackets or bare, as
 * the last colon separates the port.
 *
 * @param host a host name as A-labels, or an address without brackets
 * @param port 1 to 65535
 */
public record NextHop(String host, int port) {

  /**
   * Checks the range of the port.
   *
   * @throws IllegalArgumentException when it is not from 1 to 65535, or there is no host
   */
  public NextHop {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("no host name");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port number: " + port);
    }
  }

  /** As the log shows it: {@code host:port}. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
