package io.stagepost.dialogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Plays the server's part of dialogues on a port of its own on the loopback interface, and checks
 * the client's. The first connection gets the first dialogue, the second the second, at the same
 * time if need be; further connections are closed at once.
 */
public final class DialogueServer implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final Segmentation segmentation;
  private final @Nullable SSLContext tls;
  private final ServerSocket server;
  private final List<Part> parts;
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final AtomicInteger connections = new AtomicInteger();

  private record Part(Dialogue dialogue, CompletableFuture<Void> played) {}

  private DialogueServer(
      Segmentation segmentation, @Nullable SSLContext tls, List<Dialogue> dialogues)
      throws IOException {
    this.segmentation = segmentation;
    this.tls = tls;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.parts = dialogues.stream().map(d -> new Part(d, new CompletableFuture<>())).toList();
    Thread.ofVirtual().name("dialogue-server").start(this::accept);
  }

  /** Starts listening. */
  public static DialogueServer start(Segmentation segmentation, Dialogue... dialogues) {
    return start(segmentation, null, dialogues);
  }

  /** Starts listening; with what dialogues need that become encrypted. */
  public static DialogueServer start(
      Segmentation segmentation, @Nullable SSLContext tls, Dialogue... dialogues) {
    try {
      return new DialogueServer(segmentation, tls, List.of(dialogues));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens, on the loopback interface. */
  public int port() {
    return server.getLocalPort();
  }

  /** How many connections have been accepted, those beyond the dialogues included. */
  public int connections() {
    return connections.get();
  }

  /** The end of each dialogue in turn; fails with the assertion that the client broke. */
  public List<CompletableFuture<Void>> played() {
    return parts.stream().map(Part::played).toList();
  }

  /**
   * Waits until all dialogues have been played.
   *
   * @throws AssertionError when a client said anything else, with a transcript, or didn't come
   */
  public void awaitPlayed() {
    CompletableFuture<?>[] all = played().toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.anyOf(CompletableFuture.allOf(all), failed)
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("only " + connections.get() + " connections of " + all.length, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SSLContext tls() {
    if (tls == null) {
      throw new IllegalArgumentException("there are no certificates");
    }
    return tls;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        int index = connections.getAndIncrement();
        if (index >= parts.size()) {
          socket.close();
        } else {
          Thread.ofVirtual().start(() -> play(parts.get(index), socket));
        }
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void play(Part part, Socket socket) {
    try (Line line = new Line(part.dialogue.name() + " " + segmentation, socket)) {
      for (int i = 0; i < part.dialogue.steps().size(); i++) {
        i = perform(part.dialogue, i, line);
      }
      part.played.complete(null);
    } catch (IOException | RuntimeException | AssertionError e) {
      part.played.completeExceptionally(e);
      failed.completeExceptionally(e); // it may keep the others from being played at all
    }
  }

  /** Performs one step, or a run of replies, and returns the index of the last. */
  private int perform(Dialogue dialogue, int index, Line line) throws IOException {
    switch (dialogue.steps().get(index)) {
      case Step.ClientLine l -> line.expectLine(l.text(), l.match());
      case Step.ClientOctets o -> line.expectOctets(o.octets().getBytes());
      case Step.ServerOctets o -> send(o.octets().getBytes(), line, hangsUp(dialogue, index + 1));
      case Step.ServerLine first -> {
        StringBuilder run = new StringBuilder(first.text()).append("\r\n");
        int last = index;
        while (segmentation == Segmentation.ONE_WRITE
            && last + 1 < dialogue.steps().size()
            && dialogue.steps().get(last + 1) instanceof Step.ServerLine next) {
          run.append(next.text()).append("\r\n");
          last++;
        }
        send(run.toString().getBytes(StandardCharsets.UTF_8), line, hangsUp(dialogue, last + 1));
        return last;
      }
      case Step.ServerCloses c -> line.close();
      case Step.ClientHangsUp h -> line.expectEnd();
      case Step.Encrypts e -> line.encrypt(tls());
      case Step.RefusesToEncrypt r -> line.expectNoEncryption(tls());
      case Step.Barrier b -> {}
      case Step.Action a -> throw new IllegalArgumentException("no actions here: " + a.name());
    }
    return index;
  }

  private static boolean hangsUp(Dialogue dialogue, int index) {
    return index < dialogue.steps().size()
        && dialogue.steps().get(index) instanceof Step.ClientHangsUp;
  }

  // A client that hangs up at what it hears may do so before it has heard it all.
  private void send(byte[] octets, Line line, boolean hangsUp) throws IOException {
    try {
      line.send(octets, segmentation);
    } catch (SocketException e) {
      if (!hangsUp) {
        throw e;
      }
    }
  }
}
