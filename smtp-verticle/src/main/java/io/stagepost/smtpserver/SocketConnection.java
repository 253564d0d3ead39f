package io.stagepost.smtpserver;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.stagepost.config.SmtpSettings.Feature;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.net.tls.TlsFacts;
import io.stagepost.net.tls.TlsUpgrade;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.Set;

/** A connection over a socket. */
final class SocketConnection implements Connection {

  /** How long the client may take to close its side. */
  private static final long LINGER_MILLIS = 1_000;

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final NetSocket socket;
  private final Set<Feature> features;
  private final Optional<ServerTls> tls;
  private long lingerTimer = NO_TIMER;
  private boolean encrypted;

  SocketConnection(Vertx vertx, NetSocket socket, Set<Feature> features, Optional<ServerTls> tls) {
    this.vertx = vertx;
    this.socket = socket;
    this.features = features;
    this.tls = tls;
  }

  @Override
  public void send(Buffer octets) {
    socket.write(octets);
  }

  @Override
  public boolean isCongested() {
    return socket.writeQueueFull();
  }

  @Override
  public Future<TlsFacts> encrypt(Buffer lastWords) {
    ServerTls with = tls.orElseThrow();
    encrypted = true;
    return lastWords.length() == 0
        ? TlsUpgrade.accept(socket, with)
        : TlsUpgrade.accept(socket, with, lastWords);
  }

  @Override
  public void pause() {
    socket.pause();
  }

  @Override
  public void resume() {
    socket.resume();
  }

  /**
   * Shuts down our side and waits for the client's. Closing while input waits would be a reset,
   * which may destroy replies that the client has not read yet.
   */
  @Override
  public void close() {
    if (!features.contains(Feature.LINGER)) {
      // A reset; sockets of the file system know no such thing.
      channel().config().setOption(ChannelOption.SO_LINGER, 0);
      socket.close();
      return;
    }
    socket.resume();
    socket
        .write(Buffer.buffer())
        .transform(sent -> TlsUpgrade.sayGoodbye(socket))
        .onComplete(said -> shutDownOutput());
    lingerTimer = vertx.setTimer(LINGER_MILLIS, t -> socket.close());
  }

  @Override
  public void closeWith(Buffer lastWords) {
    if (encrypted || !features.contains(Feature.LINGER)) {
      send(lastWords);
      close();
      return;
    }
    // Held back until the end, they go out with it in one packet.
    channel().config().setOption(EpollChannelOption.TCP_CORK, true);
    send(lastWords);
    socket.close();
  }

  /** To be called when the socket is closed. */
  void closed() {
    if (lingerTimer != NO_TIMER) {
      vertx.cancelTimer(lingerTimer);
    }
  }

  private void shutDownOutput() {
    if (channel() instanceof DuplexChannel duplex) {
      ChannelFuture unused = duplex.shutdownOutput();
    } else {
      socket.close();
    }
  }

  private Channel channel() {
    return ((NetSocketInternal) socket).channelHandlerContext().channel();
  }
}
