package io.stagepost.net;

import io.netty.channel.epoll.Epoll;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * What the instances of this process know together about their sockets. Thread-safe.
 *
 * <p>Bound: an entry for each configured socket.
 */
final class SharedSockets implements Shareable {

  /** For our account and its group only. */
  static final String PRIVATE = "rw-rw----";

  private static final String NAME = "stagepost.sockets";

  private final Vertx vertx;
  private final Map<String, Integer> anyPorts = new HashMap<>();
  private final Map<String, SocketFile> files = new HashMap<>();
  private final Map<Integer, Future<AcceptingSocket>> inherited = new HashMap<>();
  private final Map<String, Future<AcceptingSocket>> bound = new HashMap<>();

  private static final class SocketFile {
    private final Future<Void> prepared;
    private int users;

    SocketFile(Future<Void> prepared) {
      this.prepared = prepared;
    }
  }

  private SharedSockets(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Those of this process. */
  static SharedSockets of(Vertx vertx) {
    LocalMap<String, SharedSockets> all = vertx.sharedData().getLocalMap(NAME);
    return all.computeIfAbsent(NAME, n -> new SharedSockets(vertx));
  }

  /** A negative port, which for Vert.x is any free one that all who give that number share. */
  synchronized int anyPort(String service, ListenAddress.Inet address) {
    return anyPorts.computeIfAbsent(service + ' ' + address, k -> -1 - anyPorts.size());
  }

  /** Whether a socket can be for one family of addresses only. */
  boolean separatesFamilies() {
    return vertx.isNativeTransportEnabled() && Epoll.isAvailable();
  }

  /** Whether the system has IPv6 at all. */
  static boolean hasIpv6() {
    return Files.exists(Path.of("/proc/net/if_inet6"));
  }

  /** The socket for all addresses of a family, which is bound when it is first asked for. */
  synchronized Future<AcceptingSocket> ofFamily(
      String service, ListenAddress.Inet address, int backlog) {
    String key = service + ' ' + address;
    Future<AcceptingSocket> known = bound.get(key);
    if (known == null) {
      known = AcceptingSocket.listen(vertx, address, backlog);
      bound.put(key, known);
      known.onFailure(e -> forget(key)).onSuccess(socket -> socket.onClose(() -> forget(key)));
    }
    return known;
  }

  private synchronized void forget(String key) {
    bound.remove(key);
  }

  /** The socket of a descriptor, which is taken over when it is first asked for. */
  synchronized Future<AcceptingSocket> inherited(int number) {
    return inherited.computeIfAbsent(number, n -> AcceptingSocket.adopt(vertx, n));
  }

  /**
   * Removes a socket that nobody listens on any more. Fails with {@link BindException} when
   * somebody does, or when there is something else at that path.
   */
  synchronized Future<Void> preparePath(String path) {
    SocketFile file =
        files.computeIfAbsent(
            path,
            p ->
                new SocketFile(
                    vertx.executeBlocking(
                        () -> {
                          removeStale(Path.of(p));
                          return null;
                        },
                        false)));
    file.users++;
    return file.prepared;
  }

  /** Who may connect to a socket: all when we are root. */
  static String usualMode() {
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    return isRoot ? "rwxrwxrwx" : "rwxrwx---";
  }

  /** Lets others than ourselves connect to a socket that is open. */
  Future<Void> openPath(String path, String mode) {
    return vertx.executeBlocking(
        () -> {
          Files.setPosixFilePermissions(Path.of(path), PosixFilePermissions.fromString(mode));
          return null;
        },
        false);
  }

  /** Removes a socket that has been closed, once nobody here uses it. */
  synchronized Future<Void> removePath(String path) {
    SocketFile file = files.get(path);
    if (file == null || --file.users > 0) {
      return Future.succeededFuture();
    }
    files.remove(path);
    return vertx.executeBlocking(
        () -> {
          Files.deleteIfExists(Path.of(path));
          return null;
        },
        false);
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    // Neither file nor directory nor link.
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new BindException("there is something else than a socket");
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException e) {
      Files.delete(path);
      return;
    }
    throw new BindException("Address already in use");
  }
}
