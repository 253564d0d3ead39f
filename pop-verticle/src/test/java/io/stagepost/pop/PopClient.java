package io.stagepost.pop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client that says what it is told and reads lines. */
final class PopClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 30_000;

  private Socket socket;
  private InputStream in;

  private PopClient(Socket socket) throws IOException {
    take(socket);
  }

  private void take(Socket taken) throws IOException {
    socket = taken;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  static PopClient connect(int port) throws IOException {
    return new PopClient(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  static PopClient connectEncrypted(int port) throws IOException {
    PopClient client = connect(port);
    client.handshake();
    return client;
  }

  /** Encrypts from here on. */
  void handshake() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      SSLSocket layer =
          (SSLSocket)
              context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
      layer.startHandshake();
      take(layer);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends a command and gives the first line of its reply. */
  String ask(String command) throws IOException {
    send(command + "\r\n");
    return line();
  }

  /** The same, for a reply that goes on to a line with a dot. */
  List<String> askAll(String command) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(ask(command));
    while (!lines.getLast().equals(".")) {
      lines.add(line());
    }
    return lines;
  }

  /** Logs in as alice. */
  PopClient login() throws IOException {
    assertThat(line()).startsWith("+OK");
    assertThat(ask("USER alice")).startsWith("+OK");
    assertThat(ask("PASS e=mc2")).isEqualTo("+OK");
    return this;
  }

  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed after \"" + line + '"');
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    assertThat(text).endsWith("\r");
    return text.substring(0, text.length() - 1);
  }

  /** All that still comes, as it is. */
  byte[] rest() throws IOException {
    return in.readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
