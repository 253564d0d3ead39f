package io.stagepost.admin.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How people see the queue. */
class QueueTableTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private static JsonObject item(String from, String reason) {
    return new JsonObject()
        .put("id", "emailrelay.1.2.3")
        .put("state", "deferred")
        .put("from", from)
        .put("to", new JsonArray(List.of("bob@b.test", "carol@c.test")))
        .put("size", 20_480)
        .put("arrived", "2026-11-21T09:30:00Z")
        .put("attempts", 3)
        .put("reason", reason);
  }

  @Test
  void columnsAreAlignedAndNumbersFlushRight() {
    List<String> lines = new QueueTable(NOW, 200).lines(List.of(item("", "greylisted")));
    assertThat(lines)
        .containsExactly(
            "ID                STATE     AGE  SIZE  TRIES  FROM  TO             REASON",
            "emailrelay.1.2.3  deferred  30m   20k      3  <>    bob@b.test +1  greylisted");
  }

  @Test
  void noLineIsWiderThanTheScreen() {
    String longReason = "x".repeat(300);
    List<String> lines =
        new QueueTable(NOW, 100).lines(List.of(item("someone.long@example.test", longReason)));
    assertThat(lines).allMatch(line -> line.length() <= 100);
    assertThat(lines.get(1)).endsWith("…");
  }

  @Test
  void nothingFromOutsideReachesTheTerminalRaw() {
    List<String> lines = new QueueTable(NOW, 200).lines(List.of(item("a\u001b[2J@b", "c\nd")));
    assertThat(String.join("", lines)).doesNotContain("\u001b").doesNotContain("\n");
  }

  @Test
  void agesAndSizesAreShort() {
    assertThat(QueueTable.age(Duration.ofSeconds(59))).isEqualTo("59s");
    assertThat(QueueTable.age(Duration.ofMinutes(59))).isEqualTo("59m");
    assertThat(QueueTable.age(Duration.ofHours(47))).isEqualTo("47h");
    assertThat(QueueTable.age(Duration.ofDays(2))).isEqualTo("2d");
    assertThat(QueueTable.size(1023)).isEqualTo("1023");
    assertThat(QueueTable.size(1536)).isEqualTo("1.5k");
    assertThat(QueueTable.size(52_428_800)).isEqualTo("50M");
  }
}
