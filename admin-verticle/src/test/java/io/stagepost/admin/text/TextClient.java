package io.stagepost.admin.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Predicate;

/** A client of text administration. */
final class TextClient implements AutoCloseable {

  static final String PROMPT = "E-MailRelay> ";
  private static final int LIMIT_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream input;
  private final StringBuilder seen = new StringBuilder();

  TextClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(LIMIT_MILLIS);
      input = socket.getInputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends octets as they are. */
  void send(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a command and gives the answer without the prompt. */
  String ask(String command) {
    send(command + "\r\n");
    String answer = until(text -> text.endsWith(PROMPT));
    return answer.substring(0, answer.length() - PROMPT.length());
  }

  /** What arrives until that is fulfilled, or everything until the end. */
  String until(Predicate<String> enough) {
    try {
      while (!enough.test(seen.toString())) {
        int next = input.read();
        if (next < 0) {
          break;
        }
        seen.append((char) next);
      }
    } catch (IOException e) {
      throw new AssertionError("got only: " + seen, e);
    }
    String text = seen.toString();
    seen.setLength(0);
    return text;
  }

  /** Everything until the connection ends. */
  String rest() {
    return until(text -> false);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
