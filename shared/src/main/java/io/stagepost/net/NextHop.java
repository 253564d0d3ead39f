package io.stagepost.net;

/** Where to send mail on to. {@code toString} gives it as the log shows it. */
public sealed interface NextHop {

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

    @Override
    public String toString() {
      return path;
    }
  }
}
