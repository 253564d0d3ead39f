package io.stagepost.pop;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.stagepost.dialogue.Dialogue;
import io.stagepost.dialogue.DialogueClient;
import io.stagepost.dialogue.Segmentation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Plays every file below {@code dialogues} in three segmentations. */
class DialogueFilesTest {

  private static final Path FILES = Path.of("src/test/resources/dialogues");

  @TempDir Path directory;

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

  private void play(Dialogue dialogue, Segmentation segmentation) throws IOException {
    Path own = Files.createTempDirectory(directory, "play");
    try (RunningPop server = RunningPop.with(own, TestSettings.of(dialogue.with()))) {
      DialogueClient.play(server.port(), dialogue, segmentation);
    }
  }
}
