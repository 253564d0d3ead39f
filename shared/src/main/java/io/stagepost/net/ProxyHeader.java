package io.stagepost.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The header by which a proxy says whose connection it passes on: the PROXY protocol of HAProxy,
 * version 1 or 2. It is for the caller to expect one from proxies that it trusts only, as anybody
 * can write one.
 */
public final class ProxyHeader {

  private ProxyHeader() {}

  /**
   * Takes the header off a connection that has just been made. To be called in its connect handler.
   *
   * <p>What follows the header reaches the socket's handler after the future has completed.
   *
   * @return the client that it names; the proxy itself for connections of its own. Fails when there
   *     is no header, or none in time; the socket is closed then
   */
  public static Future<SocketAddress> take(NetSocket socket, Duration limit) {
    ChannelPipeline pipeline =
        ((NetSocketInternal) socket).channelHandlerContext().channel().pipeline();
    Promise<SocketAddress> taken = ContextInternal.current().promise();
    pipeline.addFirst(new Taker(socket, limit, taken));
    pipeline.addFirst(new HAProxyMessageDecoder());
    return taken.future();
  }

  /** Holds back what follows the header until it is known who is there. */
  private static final class Taker extends ChannelInboundHandlerAdapter {

    private final NetSocket socket;
    private final Duration limit;
    private final Promise<SocketAddress> taken;
    private final Deque<Object> behind = new ArrayDeque<>(1);
    private @Nullable SocketAddress client;
    private @Nullable ScheduledFuture<?> timer;

    Taker(NetSocket socket, Duration limit, Promise<SocketAddress> taken) {
      this.socket = socket;
      this.limit = limit;
      this.taken = taken;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      timer =
          context
              .executor()
              .schedule(
                  () -> fail(context, "no PROXY header in time"),
                  limit.toMillis(),
                  TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      stopTimer();
      behind.forEach(ReferenceCountUtil::release);
      behind.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      switch (message) {
        case HAProxyMessage header -> {
          client = client(header);
          header.release();
        }
        case ByteBuf octets when client != null -> behind.add(octets);
        default -> ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      SocketAddress known = client;
      if (known == null) {
        context.read();
        return;
      }
      // The decoder has left by now. Whoever is told may put TLS before what waits here.
      ChannelPipeline pipeline = context.pipeline();
      Deque<Object> waiting = new ArrayDeque<>(behind);
      behind.clear();
      pipeline.remove(this);
      taken.tryComplete(known);
      waiting.forEach(pipeline::fireChannelRead);
      pipeline.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(context, "no valid PROXY header");
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      taken.tryFail(new IOException("closed before a PROXY header"));
      context.fireChannelInactive();
    }

    private void fail(ChannelHandlerContext context, String why) {
      stopTimer();
      taken.tryFail(new IOException(why));
      ChannelFuture unused = context.close();
    }

    private void stopTimer() {
      ScheduledFuture<?> running = timer;
      if (running != null) {
        running.cancel(false);
      }
    }

    private SocketAddress client(HAProxyMessage header) {
      AddressFamily family = header.proxiedProtocol().addressFamily();
      boolean hasAddress = family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6;
      String address = header.sourceAddress();
      return hasAddress && address != null
          ? SocketAddress.inetSocketAddress(header.sourcePort(), address)
          : socket.remoteAddress();
    }
  }
}
