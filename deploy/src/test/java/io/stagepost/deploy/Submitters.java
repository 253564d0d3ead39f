package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clients that submit numbered messages over kept connections, each again and again until it was
 * answered 250, to a server that may go away and come back.
 */
final class Submitters {

  private static final int PATIENCE = (int) Duration.ofMinutes(2).toMillis();

  private final AtomicReference<CompletableFuture<Integer>> port;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final int messages;
  private final Body body;

  /**
   * @param messages how many to submit
   * @param body what each holds besides its number
   */
  Submitters(int messages, Body body) {
    this.messages = messages;
    this.body = body;
    this.port = new AtomicReference<>(new CompletableFuture<>());
  }

  /** Tells where the server is now; waiting clients go on. */
  void serverAt(int number) {
    port.get().complete(number);
  }

  /** Makes clients that lose their connection wait for {@link #serverAt}. */
  void serverGoes() {
    port.set(new CompletableFuture<>());
  }

  /** Starts clients; completes when all messages have been acknowledged. */
  CompletableFuture<Void> start(int clients) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      all.add(done);
      Thread.ofVirtual().start(() -> client(done));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
  }

  /** Waits until so many have been acknowledged. */
  void awaitAcknowledged(int count) {
    synchronized (acknowledged) {
      try {
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (acknowledged.get() < count) {
          if (System.nanoTime() > end) {
            throw new AssertionError(acknowledged + " of " + count + " acknowledged in time");
          }
          acknowledged.wait(1000);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  private void client(CompletableFuture<Void> done) {
    try {
      int number = next.incrementAndGet();
      while (number <= messages) {
        number = session(number);
      }
      done.complete(null);
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }

  /** Submits from this number on; returns the first one that was not acknowledged. */
  private int session(int first) {
    int number = first;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.get().join())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE);
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      OutputStream out = socket.getOutputStream();
      expect(in, "220");
      ask(in, out, "EHLO client.localdomain", "250");
      while (number <= messages) {
        ask(in, out, "MAIL FROM:<a@example.com>", "250");
        ask(in, out, "RCPT TO:<b@example.com>", "250");
        ask(in, out, "DATA", "354");
        out.write(("Subject: load\r\nX-Number: " + number + "\r\n\r\n").getBytes(ISO_8859_1));
        body.write(out);
        ask(in, out, ".", "250");
        synchronized (acknowledged) {
          acknowledged.incrementAndGet();
          acknowledged.notifyAll();
        }
        number = next.incrementAndGet();
      }
      ask(in, out, "QUIT", "221");
    } catch (IOException again) {
      Thread.onSpinWait();
    }
    return number;
  }

  private static void ask(BufferedReader in, OutputStream out, String command, String code)
      throws IOException {
    out.write((command + "\r\n").getBytes(ISO_8859_1));
    expect(in, code);
  }

  private static void expect(BufferedReader in, String code) throws IOException {
    String line = in.readLine();
    while (line != null && line.startsWith("-", 3)) {
      line = in.readLine();
    }
    if (line == null || !line.startsWith(code)) {
      throw new IOException(line);
    }
  }

  /** The rest of a message, dots doubled. */
  interface Body {
    /** Writes it. */
    void write(OutputStream out) throws IOException;
  }
}
