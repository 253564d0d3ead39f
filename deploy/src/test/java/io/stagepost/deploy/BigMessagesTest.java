package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.deploy.Sink.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many big messages at once in a small heap. */
class BigMessagesTest {

  private static final int MESSAGES = 100;
  // Several times the heap together; -Dstagepost.test.megabytes=50 for the whole five gigabytes.
  private static final int MEGABYTES = Integer.getInteger("stagepost.test.megabytes", 10);
  private static final String LINE =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final int LINES_IN_BLOCK = 1_000_000 / (LINE.length() + 2);

  @TempDir Path directory;

  @Test
  void m1HundredBigMessagesPassInASmallHeap() throws IOException {
    Path spool = Files.createDirectory(directory.resolve("spool"));
    byte[] block = (LINE + "\r\n").repeat(LINES_IN_BLOCK).getBytes(ISO_8859_1);
    Submitters submitters =
        new Submitters(
            MESSAGES,
            out -> {
              for (int i = 0; i < MEGABYTES; i++) {
                out.write(block);
              }
            });
    try (Sink sink = Sink.start();
        Relay relay =
            Relay.serving(spool)
                .options("--forward-to", sink.address(), "--forward-on-arrival")
                .virtualMachine("-Xmx256m")
                .listening()) {
      submitters.serverAt(relay.port());
      submitters.start(MESSAGES).join();
      sink.await(MESSAGES);
      assertThat(sink.arrived()).hasSize(MESSAGES);
      assertThat(sink.bodies()).containsExactly(expected());
    }
  }

  private static Digest expected() {
    Digest digest = new Digest(0, 0);
    for (int i = 0; i < MEGABYTES * LINES_IN_BLOCK; i++) {
      digest = digest.plus(LINE);
    }
    return digest;
  }
}
