package io.stagepost.pop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.stagepost.config.PopSettings.Store;
import io.stagepost.telemetry.RelayLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The lines that people and programs look for in the log. */
class LogTest {

  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(RelayLog.LOGGER);

  @TempDir Path directory;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    LOGGER.setLevel(Level.DEBUG);
    appender.start();
    LOGGER.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    LOGGER.detachAppender(appender);
    LOGGER.setLevel(null);
  }

  @Test
  void aSessionIsShownWithoutItsSecrets() throws Exception {
    TestSettings settings = new TestSettings();
    settings.store = new Store.ByName();
    settings.messages = 8;
    List<String> log;
    try (RunningPop server = RunningPop.with(directory, settings)) {
      for (int i = 1; i <= 8; i++) {
        RunningPop.put(
            Files.createDirectories(server.spool.resolve("bob")), "m" + i, RunningPop.SAMPLE);
      }
      try (PopClient client = PopClient.connect(server.port())) {
        client.line();
        client.ask("USER alice");
        client.ask("PASS e=mc2");
        client.ask("QUIT");
        client.rest();
      }
      try (PopClient client = PopClient.connect(server.port())) {
        client.line();
        client.ask("AUTH LOGIN Ym9i");
        client.ask("dHdvIHdvcmRz");
        client.askAll("LIST");
        client.askAll("RETR 1");
        client.ask("QUIT");
        client.rest();
      }
      log = until("pop connection closed", 2);
    }
    assertThat(log)
        .anyMatch(line -> line.matches("INFO pop server on 127\\.0\\.0\\.1:\\d+"))
        .anyMatch(line -> line.matches("INFO pop connection from 127\\.0\\.0\\.1:\\d+"))
        .contains("INFO created pop-by-name sub-directory [alice]")
        .contains("DEBUG rx<<: \"PASS [password not logged]\"")
        .contains("DEBUG rx<<: \"AUTH LOGIN [not logged]\"")
        .contains("DEBUG rx<<: [authentication response not logged]")
        .anyMatch(
            line ->
                line.matches("INFO pop authentication of bob connected from 127\\.0\\.0\\.1:\\d+"))
        .containsSubsequence(
            "DEBUG tx>>: \"+OK 8 message(s)\"",
            "DEBUG tx>>: \"1 30\"",
            "DEBUG tx>>: \"2 30\"",
            "DEBUG tx>>: \"3 30\"",
            "DEBUG tx>>: [4 lines]",
            "DEBUG tx>>: \"8 30\"",
            "DEBUG tx>>: \".\"")
        .containsSubsequence("DEBUG tx>>: \"+OK 30 octets\"", "DEBUG tx>>: [5 line(s) of content]")
        .anyMatch(
            line ->
                line.matches("INFO pop connection closed: pop protocol done: 127\\.0\\.0\\.1:\\d+"))
        .noneMatch(
            line -> line.contains("mc2") || line.contains("dHdv") || line.contains("Subject"));
  }

  @Test
  void aSilentClientIsSentAway() throws Exception {
    TestSettings settings = new TestSettings();
    settings.idle = Duration.ofMillis(50);
    try (RunningPop server = RunningPop.with(directory, settings);
        PopClient client = PopClient.connect(server.port())) {
      client.rest();
      assertThat(until("pop connection closed", 1).getLast())
          .contains("closed: idle timeout: no activity after 0s: ");
    }
  }

  private List<String> until(String text, int times) throws InterruptedException, IOException {
    List<String> seen = new ArrayList<>();
    for (int found = 0; found < times; ) {
      String line = lines.poll(30, TimeUnit.SECONDS);
      if (line == null) {
        throw new IOException("no such line after " + seen);
      }
      seen.add(line);
      found += line.contains(text) ? 1 : 0;
    }
    return seen;
  }
}
