package io.stagepost.net.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.nio.channels.ClosedChannelException;

/**
 * Makes a connection an encrypted one, at its first octet or later.
 *
 * <p>Nothing that came in the clear is ever taken for something encrypted (CVE-2011-0411): the
 * socket is not paused, and the layer is in place before this returns, or as soon as the last words
 * in the clear have left. Until the future completes, whatever reaches the socket's handler came in
 * the clear, and the session has to be ended; afterwards everything is encrypted. To be called on
 * the socket's event loop; futures fail with {@link TlsException}, and the socket is closed then.
 */
public final class TlsUpgrade {

  private static final String LAYER = "ssl";

  private TlsUpgrade() {}

  /** As the server, at once. */
  public static Future<TlsFacts> accept(NetSocket socket, ServerTls tls) {
    return install(socket, tls.newHandler(context(socket).alloc()));
  }

  /** As the server, after last words in the clear. */
  public static Future<TlsFacts> accept(NetSocket socket, ServerTls tls, Buffer lastWords) {
    return socket
        .write(lastWords)
        .transform(
            written ->
                written.succeeded()
                    ? accept(socket, tls)
                    : Future.failedFuture(TlsException.of(written.cause())));
  }

  /** As the client, at once. */
  public static Future<TlsFacts> connect(NetSocket socket, ClientTls.Peer peer) {
    return install(socket, peer.newHandler(context(socket).alloc()));
  }

  /** Tells the peer that nothing more comes, without closing anything (RFC 8446 §6.1). */
  public static Future<Void> sayGoodbye(NetSocket socket) {
    SslHandler layer = context(socket).pipeline().get(SslHandler.class);
    if (layer == null) {
      return Future.succeededFuture();
    }
    Promise<Void> said = ContextInternal.current().promise();
    layer.closeOutbound().addListener(done -> said.tryComplete());
    return said.future();
  }

  private static Future<TlsFacts> install(NetSocket socket, SslHandler layer) {
    ChannelPipeline pipeline = context(socket).pipeline();
    if (!context(socket).channel().isActive()) {
      return Future.failedFuture(TlsException.of(new ClosedChannelException()));
    }
    Promise<TlsFacts> done = ContextInternal.current().promise();
    pipeline.addFirst(new Handshake(layer, done));
    pipeline.addFirst(LAYER, layer);
    return done.future();
  }

  private static ChannelHandlerContext context(NetSocket socket) {
    return ((NetSocketInternal) socket).channelHandlerContext();
  }

  /** Waits for the end of a handshake. */
  private static final class Handshake extends ChannelInboundHandlerAdapter {

    private final SslHandler layer;
    private final Promise<TlsFacts> done;

    Handshake(SslHandler layer, Promise<TlsFacts> done) {
      this.layer = layer;
      this.done = done;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent completion)) {
        context.fireUserEventTriggered(event);
        return;
      }
      context.pipeline().remove(this);
      if (completion.isSuccess()) {
        done.tryComplete(TlsFacts.of(layer.engine().getSession()));
      } else {
        done.tryFail(TlsException.of(completion.cause()));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      done.tryFail(TlsException.of(cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      done.tryFail(TlsException.of(new ClosedChannelException()));
      context.fireChannelInactive();
    }
  }
}
