package io.stagepost.pop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.stagepost.net.tls.ServerTls;
import io.stagepost.net.tls.TlsFacts;
import io.stagepost.net.tls.TlsUpgrade;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/** A connection over a socket. */
final class SocketConnection implements Connection {

  /** How long the client may take to close its side. */
  private static final long LINGER_MILLIS = 1_000;

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final NetSocket socket;
  private long lingerTimer = NO_TIMER;

  SocketConnection(Vertx vertx, NetSocket socket) {
    this.vertx = vertx;
    this.socket = socket;
  }

  @Override
  public void send(ByteBuf octets) {
    // What waits when the socket is closed is failed, but not released by those who keep it.
    ((NetSocketInternal) socket)
        .writeMessage(Unpooled.unreleasableBuffer(octets))
        .onComplete(sent -> octets.release());
  }

  @Override
  public boolean isCongested() {
    return socket.writeQueueFull();
  }

  @Override
  public void pause() {
    socket.pause();
  }

  @Override
  public void resume() {
    socket.resume();
  }

  @Override
  public Future<TlsFacts> encrypt(ServerTls tls, Buffer lastWords) {
    return TlsUpgrade.accept(socket, tls, lastWords);
  }

  /**
   * Shuts down our side and waits for the client's. Closing while input waits would be a reset,
   * which may destroy replies that the client has not read yet.
   */
  @Override
  public void close() {
    socket.resume();
    socket
        .write(Buffer.buffer())
        .transform(sent -> TlsUpgrade.sayGoodbye(socket))
        .onComplete(said -> shutDownOutput());
    lingerTimer = vertx.setTimer(LINGER_MILLIS, t -> socket.close());
  }

  @Override
  public void abort() {
    socket.close();
  }

  /** To be called when the socket is closed. */
  void closed() {
    if (lingerTimer != NO_TIMER) {
      vertx.cancelTimer(lingerTimer);
    }
  }

  private void shutDownOutput() {
    Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
    if (channel instanceof DuplexChannel duplex) {
      ChannelFuture unused = duplex.shutdownOutput();
    } else {
      socket.close();
    }
  }
}
