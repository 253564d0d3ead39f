package io.stagepost.net;

import io.netty.util.NetUtil;
import io.stagepost.net.SocksProxy.Credentials;
import io.stagepost.net.SocksProxy.Version;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;

/**
 * Asks a proxy for a connection to a host, over a socket that is connected with the proxy: SOCKS
 * 4a, or SOCKS 5 (RFC 1928) with or without a password (RFC 1929).
 *
 * <p>The host's name goes to the proxy as it is. On the event loop of the socket; never reads more
 * than the longest answer, which has 262 octets, before it decides.
 */
public final class SocksHandshake {

  private static final byte NO_PASSWORD = 0;
  private static final byte PASSWORD = 2;
  private static final int SOCKS4_ANSWER = 8;

  /** What the proxy is to answer next. */
  private enum Step {
    SOCKS4_REPLY,
    METHOD,
    PASSWORD_STATUS,
    SOCKS5_REPLY
  }

  private final NetSocket socket;
  private final SocksProxy proxy;
  private final NextHop.Tcp target;
  private final Promise<Buffer> done = Promise.promise();
  private Buffer input = Buffer.buffer();
  private Step step;

  /** A handshake that is still to begin. */
  public SocksHandshake(NetSocket socket, SocksProxy proxy, NextHop.Tcp target) {
    this.socket = socket;
    this.proxy = proxy;
    this.target = target;
    this.step = proxy.version() == Version.SOCKS4A ? Step.SOCKS4_REPLY : Step.METHOD;
  }

  /**
   * Completes in the socket's handler with what the host has sent already; the socket's handlers
   * are to be set anew then. Fails with {@link SocksException}, and the socket is closed.
   */
  public Future<Buffer> run() {
    socket.handler(this::received);
    socket.exceptionHandler(e -> fail("connection lost"));
    socket.closeHandler(v -> fail("connection closed by the proxy"));
    socket.write(step == Step.METHOD ? methods() : socks4Request());
    return done.future();
  }

  /** Gives up, for instance as it takes too long. */
  public void fail(String reason) {
    if (done.tryFail(new SocksException(reason))) {
      socket.close();
    }
  }

  private void received(Buffer chunk) {
    input.appendBuffer(chunk);
    int before;
    do {
      before = input.length();
      switch (step) {
        case SOCKS4_REPLY -> socks4Reply();
        case METHOD -> method();
        case PASSWORD_STATUS -> passwordStatus();
        case SOCKS5_REPLY -> socks5Reply();
      }
    } while (!done.future().isComplete() && input.length() < before);
  }

  private Buffer socks4Request() {
    return Buffer.buffer()
        .appendBytes(new byte[] {4, 1})
        .appendUnsignedShort(target.port())
        .appendBytes(new byte[] {0, 0, 0, 1, 0})
        .appendString(target.host())
        .appendByte((byte) 0);
  }

  private void socks4Reply() {
    if (input.length() < SOCKS4_ANSWER) {
      return;
    }
    if (input.getByte(0) != 0 || input.getByte(1) != 90) {
      fail("request rejected");
    } else {
      connected(SOCKS4_ANSWER);
    }
  }

  private Buffer methods() {
    return proxy.credentials().isPresent()
        ? Buffer.buffer(new byte[] {5, 2, NO_PASSWORD, PASSWORD})
        : Buffer.buffer(new byte[] {5, 1, NO_PASSWORD});
  }

  private void method() {
    if (input.length() < 2) {
      return;
    }
    byte chosen = input.getByte(1);
    if (input.getByte(0) != 5) {
      fail("not a SOCKS 5 proxy");
    } else if (chosen == NO_PASSWORD) {
      ask(Step.SOCKS5_REPLY, socks5Request(), 2);
    } else if (chosen == PASSWORD && proxy.credentials().isPresent()) {
      ask(Step.PASSWORD_STATUS, password(proxy.credentials().get()), 2);
    } else {
      fail("the proxy wants another authentication");
    }
  }

  private static Buffer password(Credentials credentials) {
    byte[] user = credentials.user().getBytes(StandardCharsets.UTF_8);
    byte[] password = credentials.password().getBytes(StandardCharsets.UTF_8);
    return Buffer.buffer(new byte[] {1})
        .appendByte((byte) user.length)
        .appendBytes(user)
        .appendByte((byte) password.length)
        .appendBytes(password);
  }

  private void passwordStatus() {
    if (input.length() < 2) {
      return;
    }
    if (input.getByte(1) != 0) {
      fail("the proxy refused the name or the password");
    } else {
      ask(Step.SOCKS5_REPLY, socks5Request(), 2);
    }
  }

  private Buffer socks5Request() {
    Buffer request = Buffer.buffer(new byte[] {5, 1, 0});
    byte[] address = NetUtil.createByteArrayFromIpAddressString(target.host());
    if (address == null) {
      byte[] name = target.host().getBytes(StandardCharsets.US_ASCII);
      request.appendByte((byte) 3).appendByte((byte) name.length).appendBytes(name);
    } else {
      request.appendByte((byte) (address.length == 4 ? 1 : 4)).appendBytes(address);
    }
    return request.appendUnsignedShort(target.port());
  }

  private void socks5Reply() {
    if (input.length() < 5) {
      return;
    }
    int length =
        switch (input.getByte(3)) {
          case 1 -> 10;
          case 3 -> 7 + input.getUnsignedByte(4);
          case 4 -> 22;
          default -> 5;
        };
    if (input.getByte(0) != 5 || input.getByte(1) != 0) {
      fail("request rejected: " + why(input.getUnsignedByte(1)));
    } else if (length == 5) {
      fail("the proxy gave an address of an unknown kind");
    } else if (input.length() >= length) {
      connected(length);
    }
  }

  // RFC 1928 §6
  private static String why(int code) {
    return switch (code) {
      case 2 -> "not allowed";
      case 3 -> "network unreachable";
      case 4 -> "host unreachable";
      case 5 -> "connection refused";
      case 6 -> "time to live expired";
      default -> "code " + code;
    };
  }

  private void ask(Step next, Buffer question, int answered) {
    step = next;
    input = input.getBuffer(answered, input.length());
    socket.write(question);
  }

  private void connected(int answered) {
    done.tryComplete(input.getBuffer(answered, input.length()));
  }
}
