package io.stagepost.net;

import io.stagepost.net.HostLookup.Family;

/** Where to listen. {@code toString} gives it as the log shows it. */
public sealed interface ListenAddress {

  /**
   * An address of this host.
   *
   * @param port 0 (any free port) to 65535
   */
  record Inet(String host, int port) implements ListenAddress {

    /**
     * Checks the range of the port.
     *
     * @throws IllegalArgumentException when it is not from 0 to 65535
     */
    public Inet {
      checkPort(port);
    }

    /** {@code 127.0.0.1:25}, and with a dot for IPv6: {@code ::1.25}. */
    @Override
    public String toString() {
      return AddressText.of(host, port);
    }
  }

  /**
   * A socket of the file system.
   *
   * @param path absolute
   */
  record UnixSocket(String path) implements ListenAddress {

    /**
     * Checks the path.
     *
     * @throws IllegalArgumentException when it doesn't begin with a slash
     */
    public UnixSocket {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("not an absolute path: " + path);
      }
    }

    @Override
    public String toString() {
      return path;
    }
  }

  /**
   * A socket that somebody else has bound and handed to this process.
   *
   * @param number of its descriptor
   */
  record Descriptor(int number) implements ListenAddress {

    @Override
    public String toString() {
      return "fd#" + number;
    }
  }

  /**
   * All addresses of a network interface, which may come and go.
   *
   * @param name as the system names it
   * @param family which of its addresses
   * @param port 0 (any free port) to 65535
   */
  record Interface(String name, Family family, int port) implements ListenAddress {

    /**
     * Checks the range of the port.
     *
     * @throws IllegalArgumentException when it is not from 0 to 65535
     */
    public Interface {
      checkPort(port);
    }

    @Override
    public String toString() {
      return name + suffix() + ":" + port;
    }

    private String suffix() {
      return switch (family) {
        case ANY -> "";
        case IPV4 -> "-ipv4";
        case IPV6 -> "-ipv6";
      };
    }
  }

  private static void checkPort(int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("not a port number: " + port);
    }
  }
}
