package io.stagepost.net;

/**
 * Where to listen.
 *
 * @param host an address
 * @param port 0 (any free port) to 65535
 */
public record ListenAddress(String host, int port) {

  /**
   * Checks the range of the port.
   *
   * @throws IllegalArgumentException when it is not from 0 to 65535
   */
  public ListenAddress {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("not a port number: " + port);
    }
  }

  /** As the log shows it: {@code 127.0.0.1:25}, and with a dot for IPv6: {@code ::1.25}. */
  @Override
  public String toString() {
    return AddressText.of(host, port);
  }
}
