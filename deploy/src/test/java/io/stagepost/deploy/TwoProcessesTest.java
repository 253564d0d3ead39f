package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.spool.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intake and forwarding in two processes around one spool directory. */
class TwoProcessesTest {

  private static final int MESSAGES = 10_000;
  private static final int CLIENTS = 20;
  private static final byte[] BODY =
      "some text of a usual length\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  @Test
  void nothingIsLostWhenEitherIsKilled() throws IOException {
    Path spool = Files.createDirectory(directory.resolve("spool"));
    int intakePort = FreePorts.one();
    int forwardingPort = FreePorts.one();
    Submitters submitters = new Submitters(MESSAGES, out -> out.write(BODY));
    try (Sink sink = Sink.start()) {
      Relay intake = intake(spool, intakePort, forwardingPort);
      Relay forwarding = forwarding(spool, forwardingPort, intakePort, sink);
      submitters.serverAt(intake.port());
      CompletableFuture<Void> submitted = submitters.start(CLIENTS);
      try {
        submitters.awaitAcknowledged(MESSAGES / 4);
        forwarding.kill();
        submitters.awaitAcknowledged(MESSAGES / 2);
        forwarding = forwarding(spool, forwardingPort, intakePort, sink);
        submitters.awaitAcknowledged(MESSAGES * 3 / 4);
        submitters.serverGoes();
        intake.kill();
        intake = intake(spool, intakePort, forwardingPort);
        submitters.serverAt(intake.port());
        submitted.join();
        sink.await(MESSAGES);
        // One that was under way when the process was killed may come once more.
        Await.until(() -> isEmpty(spool));
        assertThat(sink.arrived().keySet())
            .containsExactlyInAnyOrderElementsOf(
                IntStream.rangeClosed(1, MESSAGES).boxed().toList());
        assertThat(intake.stop()).isEqualTo(143);
        assertThat(forwarding.stop()).isEqualTo(143);
      } finally {
        intake.close();
        forwarding.close();
      }
    }
    assertThat(spool).isDirectoryNotContaining("glob:**/*.{envelope,content,new,busy,bad}");
  }

  private static boolean isEmpty(Path spool) {
    try (Stream<Path> files = Files.list(spool)) {
      return files.noneMatch(file -> file.getFileName().toString().contains(".envelope"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Relay intake(Path spool, int port, int other) {
    return Relay.serving(spool)
        .options("--roles", "smtp", "--cluster=127.0.0.1:" + other)
        .options("--cluster-port", Integer.toString(port))
        .listening();
  }

  private static Relay forwarding(Path spool, int port, int other, Sink sink) {
    Relay relay =
        Relay.on(spool)
            .options("--roles", "forwarder", "--cluster=127.0.0.1:" + other)
            .options("--cluster-port", Integer.toString(port))
            .options("--forward-to", sink.address(), "--forward-on-arrival", "--forward")
            .start();
    relay.awaitLine(line -> line.contains("forwarding to"));
    return relay;
  }
}
