package io.stagepost.net;

/** Where to send mail on to. {@code toString} gives it as the log shows it. */
public sealed interface NextHop {

  /** The name that its certificate should have. */
  String host();

  /**
   * A host and its port.
   *
   * @param host a host name as A-labels, or an address without brackets
   * @param port 1 to 65535
   */
  record Tcp(String host, int port) implements NextHop {

    /**
     * Checks the range of the port.
     *
     * @throws IllegalArgumentException when it is not from 1 to 65535, or there is no host
     */
    public Tcp {
      if (host.isEmpty()) {
        throw new IllegalArgumentException("no host name");
      }
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("not a port number: " + port);
      }
    }

    /** {@code host:port}. */
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * A socket of the file system.
   *
   * @param path absolute
   */
  record UnixSocket(String path) implements NextHop {

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

    /** A socket of the file system is on this host. */
    @Override
    public String host() {
      return "localhost";
    }

    @Override
    public String toString() {
      return path;
    }
  }

  /** A host that is reached through a proxy, which looks up its name. */
  record Proxied(Tcp target, SocksProxy proxy) implements NextHop {

    @Override
    public String host() {
      return target.host();
    }

    /** {@code host:port@proxy:port}. */
    @Override
    public String toString() {
      return target + "@" + proxy;
    }
  }
}
