package io.stagepost.dialogue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Plays the client's part of a dialogue against a server on the loopback interface, and checks the
 * server's. Blocks the calling thread.
 */
public final class DialogueClient {

  private static final byte[] NOTHING = new byte[0];

  private final Dialogue dialogue;
  private final Segmentation segmentation;
  private final Consumer<String> actions;

  private DialogueClient(Dialogue dialogue, Segmentation segmentation, Consumer<String> actions) {
    this.dialogue = dialogue;
    this.segmentation = segmentation;
    this.actions = actions;
  }

  /**
   * Plays a dialogue without actions.
   *
   * @throws AssertionError when the server says anything else, with a transcript
   */
  public static void play(int port, Dialogue dialogue, Segmentation segmentation) {
    play(
        port,
        dialogue,
        segmentation,
        action -> {
          throw new IllegalArgumentException("unknown action: " + action);
        });
  }

  /**
   * Plays a dialogue.
   *
   * @param actions performs what {@code -- do} names
   * @throws AssertionError when the server says anything else, with a transcript
   */
  public static void play(
      int port, Dialogue dialogue, Segmentation segmentation, Consumer<String> actions) {
    String name = dialogue.name() + " " + segmentation;
    try (Line line = new Line(name, new Socket(InetAddress.getLoopbackAddress(), port))) {
      new DialogueClient(dialogue, segmentation, actions).play(line);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private void play(Line line) throws IOException {
    List<Step> steps = dialogue.steps();
    int sent = 0; // steps before this one have been sent ahead
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (segmentation == Segmentation.ONE_WRITE && i >= sent && octets(step).length > 0) {
        sent = sendAhead(line, i);
      }
      switch (step) {
        case Step.ClientLine l -> line.send(i < sent ? NOTHING : octets(l), segmentation);
        case Step.ClientOctets o -> line.send(i < sent ? NOTHING : octets(o), segmentation);
        case Step.ServerLine l -> line.expectLine(l.text(), l.match());
        case Step.ServerOctets o -> line.expectOctets(o.octets().getBytes());
        case Step.ServerCloses c -> line.expectEnd();
        case Step.ClientHangsUp h -> line.close();
        case Step.Encrypts e -> line.encryptAsClient();
        case Step.RefusesToEncrypt r -> throw new IllegalArgumentException("no refusal here");
        case Step.Barrier b -> {}
        case Step.Action a -> actions.accept(a.name());
      }
    }
  }

  private int sendAhead(Line line, int from) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int i = from;
    while (i < dialogue.steps().size() && !isBarrier(dialogue.steps().get(i))) {
      all.writeBytes(octets(dialogue.steps().get(i)));
      i++;
    }
    line.send(all.toByteArray(), segmentation);
    return i;
  }

  private static boolean isBarrier(Step step) {
    return step instanceof Step.Barrier
        || step instanceof Step.Action
        || step instanceof Step.Encrypts
        || step instanceof Step.ClientHangsUp;
  }

  private static byte[] octets(Step step) {
    return switch (step) {
      case Step.ClientLine l -> (l.text() + "\r\n").getBytes(StandardCharsets.UTF_8);
      case Step.ClientOctets o -> o.octets().getBytes();
      default -> NOTHING;
    };
  }
}
