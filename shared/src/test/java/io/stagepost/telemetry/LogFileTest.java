package io.stagepost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stagepost.telemetry.LogSettings.Field;
import io.stagepost.telemetry.LogSettings.Form;
import io.stagepost.telemetry.LogSettings.StandardError;
import io.stagepost.telemetry.LogSettings.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Log files, by the target alone and through all of logging. */
class LogFileTest {

  @TempDir Path directory;

  @AfterEach
  void restore() {
    // The other tests of this JVM log as before.
    var context = (ch.qos.logback.classic.LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new FirstLog().configure(context);
  }

  @Test
  void eachHourHasItsFile() throws IOException {
    try (FileTarget target = target("log-%d-%h")) {
      write(target, "2026-11-21T22:59:59Z", "a");
      write(target, "2026-11-21T23:00:00Z", "b");
      write(target, "2026-11-21T22:59:59Z", "late");
      write(target, "2026-11-22T00:30:00Z", "c");
      write(target, "2026-11-22T00:59:59Z", "d");
    }
    assertThat(directory.resolve("log-20261121-22")).hasContent("a");
    assertThat(directory.resolve("log-20261121-23")).hasContent("b\nlate");
    assertThat(directory.resolve("log-20261122-00")).hasContent("c\nd");
  }

  @Test
  void aFileMovedAwayIsLeftAtTheNextHour() throws IOException {
    Path file = directory.resolve("log");
    try (FileTarget target = target("log")) {
      write(target, "2026-11-21T22:10:00Z", "a");
      Files.move(file, directory.resolve("log.1"));
      write(target, "2026-11-21T22:20:00Z", "b");
      write(target, "2026-11-21T23:00:00Z", "c");
    }
    assertThat(directory.resolve("log.1")).hasContent("a\nb");
    assertThat(file).hasContent("c");
  }

  @Test
  void filesAreAppendedToAndOpenToTheGroup() throws IOException {
    Path file = Files.writeString(directory.resolve("old"), "old\n");
    try (FileTarget target = target("old")) {
      write(target, "2026-11-21T22:10:00Z", "new");
    }
    assertThat(file).hasContent("old\nnew");
    try (FileTarget target = target("fresh")) {
      write(target, "2026-11-21T22:10:00Z", "x");
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("fresh"))))
        .isEqualTo("rw-rw----");
  }

  @Test
  void whenTheNextFileCannotBeOpenedTheOldOneStays() throws IOException {
    Path blocker = Files.createDirectory(directory.resolve("log-23"));
    try (FileTarget target = target("log-%h")) {
      write(target, "2026-11-21T22:10:00Z", "a");
      Instant eleven = Instant.parse("2026-11-21T23:00:00Z");
      assertThatThrownBy(() -> target.turn(eleven)).isInstanceOf(IOException.class);
      write(target, "2026-11-21T23:00:30Z", "b");
      Files.delete(blocker);
      write(target, "2026-11-21T23:01:00Z", "c");
    }
    assertThat(directory.resolve("log-22")).hasContent("a\nb");
    assertThat(directory.resolve("log-23")).hasContent("c");
  }

  @Test
  void volumeDecidesWhatIsWritten() throws IOException {
    assertThat(logged(Volume.NORMAL)).isEqualTo("p: info: i\np: warning: lib\n");
    assertThat(logged(Volume.VERBOSE)).isEqualTo("p: info: i\np: info: v\np: warning: lib\n");
    assertThat(logged(Volume.DETAIL))
        .isEqualTo("p: info: i\np: info: v\np: info: d\np: warning: lib\n");
    assertThat(logged(Volume.OFF)).isEmpty();
  }

  @Test
  void withTheirOriginLibrariesTellMore() throws IOException {
    assertThat(logged(Volume.NORMAL, Field.ORIGIN))
        .isEqualTo("p: info: relay: i\np: warning: Lib: lib\np: info: Lib: more\n");
  }

  @Test
  void aFileThatCannotBeOpenedFailsTheStart() {
    LogSettings settings = settings(directory.resolve("no/such/log"), Volume.NORMAL);
    assertThatThrownBy(() -> RelayLogging.start(settings)).isInstanceOf(IOException.class);
  }

  private String logged(Volume volume, Field... fields) throws IOException {
    Path file = directory.resolve(volume + "-" + fields.length);
    try (RelayLogging logging = RelayLogging.start(settings(file, volume, fields))) {
      assertThat(logging).isNotNull();
      RelayLog log = RelayLog.of("");
      log.info("i");
      log.verbose("v");
      log.detail("d");
      LoggerFactory.getLogger("x.Lib").warn("lib");
      LoggerFactory.getLogger("x.Lib").info("more");
      LoggerFactory.getLogger("x.Lib").debug("most");
    }
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static LogSettings settings(Path file, Volume volume, Field... fields) {
    return new LogSettings(
        "p",
        volume,
        Form.TEXT,
        Set.of(fields),
        Optional.of(file),
        StandardError.KEPT,
        Optional.empty(),
        Map.of());
  }

  private FileTarget target(String name) {
    return new FileTarget(directory.resolve(name), ZoneOffset.UTC);
  }

  private static void write(FileTarget target, String time, String line) throws IOException {
    Instant at = Instant.parse(time);
    if (target.turnsAt(at)) {
      target.turn(at);
    }
    byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
    target.write(octets, octets.length);
  }
}
