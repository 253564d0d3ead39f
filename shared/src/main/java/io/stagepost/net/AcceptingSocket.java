package io.stagepost.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.tls.SslContextManager;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketImpl;
import io.vertx.core.net.impl.VertxHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A listening socket of a kind that Vert.x doesn't make: one that was open when the process
 * started, or one for a single family of addresses. Connections are accepted here and then become
 * Vert.x's own.
 *
 * <p>The instances of a verticle get them in turn. Thread-safe.
 */
final class AcceptingSocket {

  private static final long RETRY_SECONDS = 1;

  // From Linux's in.h and in6.h.
  private static final ChannelOption<Integer> IPV6_ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

  private final ServerChannel channel;
  private ListenAddress address;
  private final SslContextManager tls =
      new SslContextManager(SslContextManager.resolveEngineOptions(null, false));
  private final List<Acceptor> acceptors = new ArrayList<>();
  private int next;

  /** An instance that takes its part of the connections. */
  final class Acceptor {

    private final ContextInternal context;
    private final NetServerOptions options;
    private final Consumer<NetSocket> connected;

    private Acceptor(Context context, NetServerOptions options, Consumer<NetSocket> connected) {
      this.context = (ContextInternal) context;
      this.options = options;
      this.connected = connected;
    }

    /** Gives it no more; the last one closes the socket. */
    void leave() {
      remove(this);
    }

    private void take(Channel client) {
      if (client instanceof SocketChannel tcp) {
        tcp.config().setTcpNoDelay(options.isTcpNoDelay());
        if (options.getSoLinger() >= 0) {
          tcp.config().setSoLinger(options.getSoLinger());
        }
      }
      VertxHandler<NetSocketImpl> handler =
          VertxHandler.create(
              ctx -> new NetSocketImpl(context, ctx, tls, options.getSslOptions(), null, false));
      handler.addHandler(socket -> context.emit(socket, connected::accept));
      client.pipeline().addLast("handler", handler);
      context
          .nettyEventLoop()
          .register(client)
          .addListener(
              done -> {
                if (!done.isSuccess()) {
                  client.unsafe().closeForcibly();
                }
              });
    }
  }

  private AcceptingSocket(ServerChannel channel, ListenAddress address) {
    this.channel = channel;
    this.address = address;
  }

  /** Takes a descriptor over. Fails with {@link java.net.BindException} when it doesn't listen. */
  static Future<AcceptingSocket> adopt(Vertx vertx, int number) {
    return vertx
        .executeBlocking(() -> DescriptorKind.of(number), false)
        .compose(kind -> register((VertxInternal) vertx, open(kind, number)));
  }

  /**
   * Listens on all addresses of a family, and of that only. Fails with an {@link IOException}.
   *
   * @param address {@code 0.0.0.0} or {@code ::}
   * @param backlog connections that may wait to be accepted; negative for the usual number
   */
  static Future<AcceptingSocket> listen(Vertx vertx, ListenAddress.Inet address, int backlog) {
    boolean isIpv6 = address.host().equals("::");
    EpollServerSocketChannel channel;
    try {
      channel =
          new EpollServerSocketChannel(
              isIpv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
      channel.config().setReuseAddress(true);
      if (backlog > 0) {
        channel.config().setBacklog(backlog);
      }
      if (isIpv6) {
        channel.config().setOption(IPV6_ONLY, 1);
      }
    } catch (ChannelException e) {
      return Future.failedFuture(e);
    }
    return register((VertxInternal) vertx, channel)
        .compose(
            socket -> socket.bind(vertx, new InetSocketAddress(address.host(), address.port())));
  }

  private Future<AcceptingSocket> bind(Vertx vertx, InetSocketAddress wanted) {
    Promise<AcceptingSocket> bound = ((VertxInternal) vertx).getOrCreateContext().promise();
    channel
        .bind(wanted)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                address = addressOf(channel);
                bound.complete(this);
              } else {
                ChannelFuture unused = channel.close();
                bound.fail(done.cause());
              }
            });
    return bound.future();
  }

  /** Has something done once it is closed. */
  void onClose(Runnable action) {
    channel.closeFuture().addListener(done -> action.run());
  }

  /** Where it listens. */
  ListenAddress address() {
    return address;
  }

  /** Another instance takes its part from now on. */
  synchronized Acceptor join(
      Context context, NetServerOptions options, Consumer<NetSocket> connected) {
    Acceptor acceptor = new Acceptor(context, options, connected);
    acceptors.add(acceptor);
    channel.config().setOption(ChannelOption.AUTO_READ, true);
    return acceptor;
  }

  private static ServerChannel open(DescriptorKind kind, int number) {
    return switch (kind) {
      case TCP -> new EpollServerSocketChannel(number);
      case UNIX -> new EpollServerDomainSocketChannel(number);
    };
  }

  private static Future<AcceptingSocket> register(VertxInternal vertx, ServerChannel channel) {
    AcceptingSocket socket = new AcceptingSocket(channel, addressOf(channel));
    // Not before somebody is there to take connections.
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(socket.new Acceptance());
    Promise<AcceptingSocket> registered = vertx.getOrCreateContext().promise();
    vertx
        .acceptorEventLoopGroup()
        .register(channel)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                registered.complete(socket);
              } else {
                registered.fail(done.cause());
              }
            });
    return registered.future();
  }

  private static ListenAddress addressOf(ServerChannel channel) {
    return switch (channel.localAddress()) {
      case InetSocketAddress inet ->
          new ListenAddress.Inet(NetUtil.toAddressString(inet.getAddress()), inet.getPort());
      case DomainSocketAddress unix when unix.path().startsWith("/") ->
          new ListenAddress.UnixSocket(unix.path());
      case null, default -> new ListenAddress.UnixSocket("/");
    };
  }

  private synchronized void remove(Acceptor acceptor) {
    acceptors.remove(acceptor);
    if (acceptors.isEmpty()) {
      ChannelFuture unused = channel.close();
    }
  }

  private synchronized void hand(Channel client) {
    if (acceptors.isEmpty()) {
      client.unsafe().closeForcibly();
      return;
    }
    next = (next + 1) % acceptors.size();
    acceptors.get(next).take(client);
  }

  private final class Acceptance extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object client) {
      hand((Channel) client);
    }

    /** Out of descriptors, most likely: others get a moment to give some back. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.channel().config().setAutoRead(false);
      ScheduledFuture<?> unused =
          context
              .executor()
              .schedule(
                  () -> context.channel().config().setAutoRead(true),
                  RETRY_SECONDS,
                  TimeUnit.SECONDS);
    }
  }
}
