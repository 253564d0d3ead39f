package io.stagepost.net;

import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds all addresses of a host with the resolver of Vert.x, which reads the hosts file and asks
 * the DNS without blocking.
 */
public final class HostLookup {

  private final VertxInternal vertx;

  /** A lookup with this instance's {@code AddressResolverOptions}. */
  public HostLookup(Vertx vertx) {
    this.vertx = (VertxInternal) vertx;
  }

  /**
   * The addresses of a host and at least one, those of the hosts file or else those that the DNS
   * gives; an address stands for itself. Fails with {@link UnknownHostException}. Completes on the
   * caller's context.
   */
  public Future<List<InetAddress>> resolve(String host, Family family) {
    if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
      return literal(host).compose(found -> select(host, found, family));
    }
    // The resolver itself gives only one address of a name in the hosts file.
    return vertx
        .executeBlocking(() -> inHostsFile(host), false)
        .compose(
            found -> found.isEmpty() ? inDns(host) : Future.succeededFuture(found),
            e -> inDns(host))
        .compose(found -> select(host, found, family));
  }

  private List<InetAddress> inHostsFile(String host) throws IOException {
    AddressResolverOptions options = vertx.nameResolver().options();
    HostsFileEntriesProvider.Parser parser = HostsFileEntriesProvider.parser();
    HostsFileEntriesProvider entries;
    if (options.getHostsValue() != null) {
      entries = parser.parse(new StringReader(options.getHostsValue().toString()));
    } else if (options.getHostsPath() != null) {
      entries = parser.parse(new File(options.getHostsPath()), StandardCharsets.UTF_8);
    } else {
      entries = parser.parse();
    }
    String name = host.toLowerCase(Locale.ROOT);
    return Stream.of(entries.ipv4Entries(), entries.ipv6Entries())
        .flatMap(family -> family.getOrDefault(name, List.of()).stream())
        .toList();
  }

  private Future<List<InetAddress>> inDns(String host) {
    Promise<List<InetSocketAddress>> found = vertx.getOrCreateContext().promise();
    vertx
        .nameResolver()
        .resolveAll(
            host,
            answer -> {
              if (answer.succeeded()) {
                found.complete(answer.result());
              } else {
                found.fail(unknown(host, answer.cause()));
              }
            });
    return found.future().map(all -> all.stream().map(InetSocketAddress::getAddress).toList());
  }

  private static Future<List<InetAddress>> literal(String address) {
    try {
      return Future.succeededFuture(List.of(InetAddress.getByName(address)));
    } catch (UnknownHostException e) {
      return Future.failedFuture(e);
    }
  }

  private static Future<List<InetAddress>> select(
      String host, List<InetAddress> found, Family family) {
    List<InetAddress> selected = found.stream().filter(family::includes).distinct().toList();
    return selected.isEmpty()
        ? Future.failedFuture(unknown(host, null))
        : Future.succeededFuture(selected);
  }

  private static UnknownHostException unknown(String host, @Nullable Throwable cause) {
    UnknownHostException unknown = new UnknownHostException(host);
    if (cause != null) {
      unknown.initCause(cause);
    }
    return unknown;
  }

  /** Which addresses are wanted. */
  public enum Family {
    ANY,
    IPV4,
    IPV6;

    /** The family of an address; {@link #ANY} for what is no address. */
    public static Family of(String address) {
      if (NetUtil.isValidIpV4Address(address)) {
        return IPV4;
      }
      return NetUtil.isValidIpV6Address(address) ? IPV6 : ANY;
    }

    private boolean includes(InetAddress address) {
      return switch (this) {
        case ANY -> true;
        case IPV4 -> address instanceof Inet4Address;
        case IPV6 -> address instanceof Inet6Address;
      };
    }
  }
}
