package io.stagepost.dialogue;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.stagepost.dialogue.Step.Match;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** A connection of a player: sends in segments, checks what arrives, keeps a transcript. */
final class Line implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 30_000;
  private static final int SHOWN = 400;

  private final String name;
  private Socket socket;
  private InputStream in;
  private final StringBuilder transcript = new StringBuilder();

  Line(String name, Socket socket) throws IOException {
    this.name = name;
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  void send(byte[] octets, Segmentation segmentation) throws IOException {
    if (octets.length == 0) {
      return;
    }
    note("sent", octets);
    if (segmentation != Segmentation.BYTE_A_WRITE) {
      socket.getOutputStream().write(octets);
      return;
    }
    for (byte b : octets) {
      socket.getOutputStream().write(b);
    }
  }

  void expectLine(String expected, Match match) throws IOException {
    String got = readLine(expected);
    boolean matches = match == Match.EXACT ? got.equals(expected) : got.startsWith(expected);
    if (!matches) {
      throw failure("expected \"" + expected + "\" but got \"" + got + '"');
    }
  }

  void expectOctets(byte[] expected) throws IOException {
    byte[] got = patiently(RawText.show(expected), () -> in.readNBytes(expected.length));
    note("got", got);
    if (!Arrays.equals(got, expected)) {
      throw failure("expected " + RawText.show(expected) + " but got " + RawText.show(got));
    }
  }

  void expectEnd() throws IOException {
    int next;
    try {
      next = patiently("the end", in::read);
    } catch (SocketException e) {
      next = -1; // a reset is an end, too
    }
    if (next >= 0) {
      String more = Character.toString(next);
      throw failure("expected the end but got \"" + more + readLine("nothing") + '"');
    }
  }

  /** Takes part in a handshake as the server. */
  void encrypt(SSLContext tls) throws IOException {
    SSLSocket layer = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
    layer.setUseClientMode(false);
    socket = layer;
    layer.startHandshake();
    in = new BufferedInputStream(layer.getInputStream());
  }

  /** Takes part in a handshake as a client that believes every certificate. */
  void encryptAsClient() throws IOException {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      SSLSocket layer = (SSLSocket) tls.getSocketFactory().createSocket(socket, "relay", 25, true);
      socket = layer;
      layer.startHandshake();
      in = new BufferedInputStream(layer.getInputStream());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  void expectNoEncryption(SSLContext tls) throws IOException {
    boolean encrypted = true;
    try {
      encrypt(tls);
      // In TLS 1.3 the client's refusal comes after the server's part of the handshake.
      encrypted = in.read() >= 0;
    } catch (SSLException | SocketException e) {
      encrypted = false;
    }
    if (encrypted) {
      throw failure("expected the client to refuse to encrypt");
    }
  }

  AssertionError failure(String why) {
    return new AssertionError(name + ": " + why + "\n" + transcript);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String readLine(String expected) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int before = 0;
    while (true) {
      int b = patiently(expected, in::read);
      if (b < 0) {
        note("got", line.toByteArray());
        throw failure("expected \"" + expected + "\" but the connection was closed");
      }
      line.write(b);
      if (b == '\n' && before == '\r') {
        note("got", line.toByteArray());
        String text = line.toString(StandardCharsets.UTF_8);
        return text.substring(0, text.length() - 2);
      }
      before = b;
    }
  }

  private <T> T patiently(String expected, Read<T> read) throws IOException {
    try {
      return read.read();
    } catch (SocketTimeoutException e) {
      throw failure("waited in vain for " + expected);
    }
  }

  private void note(String what, byte[] octets) {
    String shown = RawText.show(Arrays.copyOf(octets, Math.min(octets.length, SHOWN)));
    transcript.append("  ").append(what).append(' ').append(shown).append('\n');
  }

  private interface Read<T> {
    T read() throws IOException;
  }
}
