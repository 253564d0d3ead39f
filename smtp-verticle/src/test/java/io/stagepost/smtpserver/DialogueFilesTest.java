package io.stagepost.smtpserver;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.stagepost.dialogue.Dialogue;
import io.stagepost.dialogue.DialogueClient;
import io.stagepost.dialogue.Segmentation;
import io.stagepost.spool.MemorySpool.Fault;
import io.stagepost.spool.SpoolException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Plays every file below {@code dialogues} in three segmentations. */
class DialogueFilesTest {

  private static final Path FILES = Path.of("src/test/resources/dialogues");

  @TestFactory
  Stream<DynamicNode> theServerKeepsToTheScript() {
    return Dialogue.loadAll(FILES).stream()
        .map(
            dialogue ->
                dynamicContainer(
                    dialogue.name(),
                    Arrays.stream(Segmentation.values())
                        .map(s -> dynamicTest(s.name(), () -> play(dialogue, s)))));
  }

  private static void play(Dialogue dialogue, Segmentation segmentation) {
    try (RunningIntake server = new RunningIntake(TestSettings.of(dialogue.with()), 1)) {
      String fault = dialogue.with().get("fault");
      if (fault != null) {
        breakSpool(server, fault);
      }
      DialogueClient.play(server.port(), dialogue, segmentation);
    }
  }

  private static void breakSpool(RunningIntake server, String fault) {
    String[] words = fault.toUpperCase(Locale.ROOT).split(",");
    server.spool.failAt(
        Fault.valueOf(words[0]),
        () ->
            words[1].equals("FULL")
                ? new SpoolException.NoSpace("no space left on device")
                : new SpoolException.Io("input/output error", new IOException()));
  }
}
