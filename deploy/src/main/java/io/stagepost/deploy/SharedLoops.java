package io.stagepost.deploy;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The system's transport, but connections are accepted by the event loops that serve them, and read
 * in larger parts. A thread of its own for the former, as Vert.x has, is woken for each connection
 * and wakes an event loop in turn.
 */
final class SharedLoops implements Transport {

  // Netty reads less and less at a time where commands come; a small message behind them, as most
  // programs send, would come in two parts then.
  private static final int LEAST_READ = 8 << 10;
  private static final int MOST_READ = 64 << 10;

  private final Transport system;
  private @Nullable EventLoopGroup loops;

  SharedLoops(Transport system) {
    this.system = system;
  }

  /** With the native transport where there is one. */
  static io.vertx.core.transport.Transport ofSystem() {
    io.vertx.core.transport.Transport ours = io.vertx.core.transport.Transport.nativeTransport();
    io.vertx.core.transport.Transport system =
        ours != null && ours.available() ? ours : io.vertx.core.transport.Transport.NIO;
    return new Named(system, new SharedLoops(system.implementation()));
  }

  @Override
  public synchronized EventLoopGroup eventLoopGroup(
      int type, int threads, ThreadFactory factory, int ioRatio) {
    EventLoopGroup known = loops;
    if (type == ACCEPTOR_EVENT_LOOP_GROUP && known != null) {
      return known;
    }
    EventLoopGroup made = system.eventLoopGroup(type, threads, factory, ioRatio);
    if (type == IO_EVENT_LOOP_GROUP) {
      loops = made;
    }
    return made;
  }

  @Override
  public boolean supportsDomainSockets() {
    return system.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return system.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return system.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return system.unavailabilityCause();
  }

  @Override
  public java.net.SocketAddress convert(SocketAddress address) {
    return system.convert(address);
  }

  @Override
  public @Nullable SocketAddress convert(java.net.SocketAddress address) {
    return system.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return system.ioHandlerFactory();
  }

  @Override
  public DatagramChannel datagramChannel() {
    return system.datagramChannel();
  }

  @Override
  @SuppressWarnings("deprecation") // it is what Vert.x asks
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return system.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return system.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return system.serverChannelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    system.configure(channel, options);
  }

  @Override
  public void configure(
      ClientOptionsBase options,
      int connectTimeout,
      boolean domainSocket,
      io.netty.bootstrap.Bootstrap bootstrap) {
    system.configure(options, connectTimeout, domainSocket, bootstrap);
  }

  @Override
  public void configure(
      NetServerOptions options,
      boolean domainSocket,
      io.netty.bootstrap.ServerBootstrap bootstrap) {
    system.configure(options, domainSocket, bootstrap);
    bootstrap.childOption(
        ChannelOption.RECVBUF_ALLOCATOR,
        new AdaptiveRecvByteBufAllocator(LEAST_READ, LEAST_READ, MOST_READ));
  }

  private record Named(io.vertx.core.transport.Transport system, Transport implementation)
      implements io.vertx.core.transport.Transport {

    @Override
    public String name() {
      return system.name();
    }

    @Override
    public boolean available() {
      return system.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
      return system.unavailabilityCause();
    }
  }
}
