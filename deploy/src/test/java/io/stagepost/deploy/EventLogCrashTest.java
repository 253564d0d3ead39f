package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event log of a relay that is killed while it forwards. */
class EventLogCrashTest {

  private static final int MESSAGES = 1_500;
  private static final int KILLS = 5;

  @TempDir Path directory;

  @Test
  void d4NoMessageLeavesTheSpoolWithoutAnEventWhenKilled() throws IOException {
    Path spool = Files.createDirectory(directory.resolve("spool"));
    fill(spool);
    Set<String> ids = inSpool(spool);
    assertThat(ids).hasSize(MESSAGES);
    assertThat(told(spool, "received")).containsExactlyInAnyOrderElementsOf(ids);
    try (Sink sink = Sink.start()) {
      for (int kill = 1; kill <= KILLS; kill++) {
        Relay relay = forwarding(spool, sink);
        sink.await(kill * MESSAGES / (KILLS + 1));
        relay.kill();
        assertThat(told(spool, "forwarded")).containsAll(left(ids, spool));
      }
      try (Relay relay = forwarding(spool, sink)) {
        sink.await(MESSAGES);
        assertThat(relay.stop()).isEqualTo(143);
      }
    }
    assertThat(inSpool(spool)).isEmpty();
    assertThat(told(spool, "forwarded")).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static void fill(Path spool) {
    Submitters submitters = new Submitters(MESSAGES, out -> {});
    try (Relay relay = Relay.serving(spool).listening()) {
      submitters.serverAt(relay.port());
      submitters.start(10).join();
      assertThat(relay.stop()).isEqualTo(143);
    }
  }

  private static Relay forwarding(Path spool, Sink sink) {
    return Relay.on(spool)
        .options("--dont-serve", "--forward-to", sink.address())
        .options("--forward", "--forward-on-arrival", "--poll", "1")
        .start();
  }

  private static Set<String> left(Set<String> ids, Path spool) throws IOException {
    Set<String> left = new HashSet<>(ids);
    left.removeAll(inSpool(spool));
    return left;
  }

  private static Set<String> inSpool(Path spool) throws IOException {
    try (Stream<Path> files = Files.list(spool)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains(".envelope"))
          .map(name -> name.substring(0, name.indexOf(".envelope")))
          .collect(Collectors.toSet());
    }
  }

  /** The messages of which the log has an event of this type. */
  private static Set<String> told(Path spool, String type) throws IOException {
    List<Path> segments;
    try (Stream<Path> files = Files.walk(spool.resolve(".stagepost/events"))) {
      segments = files.filter(file -> file.toString().endsWith(".jsonl")).toList();
    }
    Set<String> ids = new HashSet<>();
    for (Path segment : segments) {
      for (String line : Files.readAllLines(segment)) {
        JsonObject event = event(line);
        if (type.equals(event.getString("type"))) {
          ids.add(event.getString("id"));
        }
      }
    }
    return ids;
  }

  private static JsonObject event(String line) {
    try {
      return new JsonObject(line);
    } catch (DecodeException e) {
      return new JsonObject(); // cut off by the kill
    }
  }
}
