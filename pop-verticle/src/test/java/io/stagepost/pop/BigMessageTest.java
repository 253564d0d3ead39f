package io.stagepost.pop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BigMessageTest {

  private static final int LINES = 700_000;

  @TempDir Path directory;

  @Test
  void p3FiftyMegabytesAreExactWhateverTheirLineEnds() throws IOException {
    TestSettings settings = new TestSettings();
    settings.messages = 1;
    try (RunningPop server = RunningPop.with(directory, settings)) {
      fill(server.spool.resolve("emailrelay.1.2.1.content"));
      try (PopClient client = PopClient.connect(server.port()).login()) {
        assertThat(client.ask("RETR 1")).startsWith("+OK 5");
        assertThat(client.line()).isEqualTo("Subject: big");
        assertThat(client.line()).isEmpty();
        for (int i = 0; i < LINES; i++) {
          String line = client.line();
          String expected = expected(i);
          if (!line.equals(expected)) {
            assertThat(line).as("line %d", i).isEqualTo(expected);
          }
        }
        assertThat(client.line()).isEqualTo(".");
        assertThat(client.askAll("TOP 1 0")).containsExactly("+OK", "Subject: big", "", ".");
        assertThat(client.askAll("TOP 1 2"))
            .containsExactly("+OK", "Subject: big", "", expected(0), expected(1), ".");
        assertThat(client.askAll("TOP 1 999999999999")).hasSize(LINES + 4);
        assertThat(client.ask("NOOP")).isEqualTo("+OK");
      }
    }
  }

  private static String expected(int i) {
    String line = line(i);
    return line.startsWith(".") ? "." + line : line;
  }

  private static String line(int i) {
    return (i % 7 == 0 ? ".line " : "line ") + i + " " + "x".repeat(i % 120);
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write("Subject: big\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < LINES; i++) {
        out.write(line(i).getBytes(StandardCharsets.US_ASCII));
        out.write(
            (i % 3 == 0 ? "\n" : i % 3 == 1 ? "\r\n" : "\r").getBytes(StandardCharsets.US_ASCII));
      }
    }
  }
}
