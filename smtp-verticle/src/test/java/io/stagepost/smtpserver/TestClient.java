package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that blocks, for what dialogue files can't say. */
final class TestClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 30_000;

  private Socket socket;
  private InputStream in;

  TestClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A response of PLAIN (RFC 4616). */
  static String plain(String user, String password) {
    return base64("\0" + user + "\0" + password);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1));
  }

  static SSLContext trusting() {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes octets that are given as ISO-8859-1. */
  TestClient send(String octets) {
    try {
      socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a line and reads the reply. */
  String ask(String line) {
    return send(line + "\r\n").reply();
  }

  /** The last line of the next reply, or nothing at the end. */
  String reply() {
    String line;
    do {
      line = line();
    } while (line.length() > 3 && line.charAt(3) == '-');
    return line;
  }

  TestClient encrypt(SSLContext tls) throws IOException {
    SSLSocket layer = (SSLSocket) tls.getSocketFactory().createSocket(socket, "relay", 25, true);
    socket = layer;
    layer.startHandshake();
    in = new BufferedInputStream(layer.getInputStream());
    return this;
  }

  /** What its connection came to. */
  SSLSocket layer() {
    return (SSLSocket) socket;
  }

  /** Sends a message and gives the last reply. */
  String submit() {
    ask("MAIL FROM:<a@b.test>");
    ask("RCPT TO:<c@d.test>");
    ask("DATA");
    return ask("Subject: x\r\n\r\n.");
  }

  /** Whether the server closes without another word. */
  boolean isClosed() {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the server closes, whatever it says before. */
  void awaitEnd() {
    while (!isClosed()) {
      // An alert may come first.
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      int b = in.read();
      while (b >= 0 && b != '\n') {
        line.write(b);
        b = in.read();
      }
    } catch (SocketException e) {
      line.reset(); // a reset is an end, too
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }
}
