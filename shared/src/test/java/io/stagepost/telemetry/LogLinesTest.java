package io.stagepost.telemetry;

import static io.stagepost.telemetry.Events.event;
import static io.stagepost.telemetry.Events.full;
import static io.stagepost.telemetry.Events.with;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.stagepost.telemetry.LogSettings.Field;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of the log, character by character. */
class LogLinesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | emailrelay: info: text",
        "TIME | emailrelay: 20261121.140509.007: info: text",
        "UNIT | emailrelay: info: [in] text",
        "ADDRESS | emailrelay: info: 192.0.2.1; text",
        "PORT | emailrelay: info: 4321: text",
        "ADDRESS PORT | emailrelay: info: 192.0.2.1;4321: text",
        "MSGID | emailrelay: info: (77.1795224783.2) text",
        "ORIGIN | emailrelay: info: relay: text",
        "TIME ORIGIN UNIT ADDRESS PORT MSGID | emailrelay: 20261121.140509.007: info: relay: [in]"
            + " 192.0.2.1;4321: (77.1795224783.2) text",
      })
  void fieldsOfALine(String fields, String line) {
    assertThat(text(full("text"), fields)).isEqualTo(line);
  }

  @ParameterizedTest
  @CsvSource({"ERROR,error", "WARN,warning", "INFO,info", "DEBUG,info", "TRACE,info"})
  void levels(String level, String name) {
    assertThat(text(event(Level.toLevel(level), "x"), "")).isEqualTo("emailrelay: " + name + ": x");
  }

  @Test
  void factsThatAreNotKnownLeaveNoTrace() {
    assertThat(text(event(Level.INFO, "x"), "UNIT ADDRESS PORT MSGID"))
        .isEqualTo("emailrelay: info: x");
  }

  @Test
  void listenersOfNamedRelaysAlwaysNameThem() {
    for (String text : new String[] {"smtp server on 127.0.0.1:25", "forwarding to h:25"}) {
      assertThat(text(with(event(Level.INFO, text), RelayLog.UNIT, "out"), ""))
          .isEqualTo("emailrelay: info: [out] " + text);
    }
  }

  @Test
  void failBanPatternsMatch() {
    ILoggingEvent event =
        with(event(Level.WARN, "empty MAIL-FROM return path"), RelayLog.ADDRESS, "192.0.2.1");
    assertThat(text(event, "ADDRESS")).contains("warning: 192.0.2.1; empty MAIL-FROM return path");
  }

  @Test
  void nobodyForgesALine() {
    String forged = "x\r\nemailrelay: error: hacked\u001b[2J\u0000\u0085";
    assertThat(text(event(Level.INFO, forged), ""))
        .isEqualTo("emailrelay: info: x\\r\\nemailrelay: error: hacked.[2J\\x00\\x85");
    assertThat(text(with(event(Level.INFO, "x"), RelayLog.ADDRESS, "a\nb"), "ADDRESS"))
        .isEqualTo("emailrelay: info: a\\nb; x");
    assertThat(text(event("a.B", Level.ERROR, "oops", new IOException("no\nspace")), "ORIGIN"))
        .isEqualTo("emailrelay: error: B: oops: java.io.IOException: no\\nspace");
  }

  @Property
  void aLineIsOneLineOfBoundedLength(@ForAll String text) {
    for (String of : new String[] {text, text.repeat(50)}) {
      String line = text(event(Level.INFO, of), "");
      assertThat(line.chars().noneMatch(Character::isISOControl)).isTrue();
      assertThat(line.getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(TextLines.LONGEST);
    }
  }

  @Test
  void longLinesAreCutBetweenCharacters() {
    String line = text(event(Level.INFO, "\u00fc".repeat(1000)), "");
    assertThat(line).endsWith("\u00fc ...").doesNotContain("\ufffd");
    assertThat(line.getBytes(StandardCharsets.UTF_8).length).isBetween(998, 1000);
    String fits = "x".repeat(1000 - "emailrelay: info: ".length());
    assertThat(text(event(Level.INFO, fits), "")).endsWith("xx").hasSize(1000);
  }

  @Test
  void jsonHoldsAllFacts() {
    JsonLines json = new JsonLines("stagepost");
    JsonObject line = new JsonObject(json.format(full("a \"quoted\"\nline")));
    assertThat(line)
        .isEqualTo(
            new JsonObject()
                .put("time", "2026-11-21T13:05:09.007Z")
                .put("level", "info")
                .put("program", "stagepost")
                .put("unit", "in")
                .put("address", "192.0.2.1")
                .put("port", 4321)
                .put("msgid", "emailrelay.77.1795224783.2")
                .put("text", "a \"quoted\"\nline"));
    assertThat(json.format(full("a\nb"))).doesNotContain("\n");
  }

  @Test
  void jsonNamesLibrariesAndTheirStacks() {
    String line =
        new JsonLines("stagepost")
            .format(event("io.netty.X", Level.WARN, "oops", new IOException("no space")));
    assertThat(new JsonObject(line).getString("logger")).isEqualTo("io.netty.X");
    assertThat(new JsonObject(line).getString("text"))
        .isEqualTo("oops: java.io.IOException: no space");
    assertThat(new JsonObject(line).getJsonArray("stack").getString(0)).contains("LogLinesTest");
  }

  private static String text(ILoggingEvent event, String fields) {
    Set<Field> wanted =
        fields.isEmpty()
            ? EnumSet.noneOf(Field.class)
            : Stream.of(fields.split(" ")).map(Field::valueOf).collect(Collectors.toSet());
    return new TextLines("emailrelay", wanted, ZoneId.of("+01:00")).format(event);
  }
}
