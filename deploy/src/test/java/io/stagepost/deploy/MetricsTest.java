package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus, Grafana and load balancers see. */
class MetricsTest {

  private static final Path SHARE = Distribution.HOME.resolve("share");
  private static final Pattern NAME =
      Pattern.compile("\\b((?:stagepost|jvm|process)_[a-z_]+)\\b(?=[{\\[ )]|$)");

  @TempDir Path directory;

  @Test
  void allThatTheDashboardAndTheAlertsNameIsThere() throws IOException {
    try (Sink sink = Sink.start();
        SignedInRelay console =
            SignedInRelay.start(
                directory,
                "--metrics",
                "--metrics-clients",
                "127.0.0.1",
                "--forward-to",
                sink.address(),
                "--forward-on-arrival")) {
      submit(console, 3);
      sink.await(3);
      String text = await(console, "stagepost_delivery_seconds_count{relay=\"relay\"} 3");
      assertThat(text)
          .contains("stagepost_events_total{relay=\"relay\",type=\"received\"} 3.0")
          .containsPattern("stagepost_spool_sync_seconds_count\\{relay=\"relay\"} [1-9]")
          .contains("stagepost_queue_messages{relay=\"relay\",state=\"failed\"} 0.0")
          .contains("stagepost_eventloop_lag_seconds_bucket{le=\"0.1\"}")
          .contains("stagepost_connections_total{direction=\"in\"}");
      Set<String> named = new TreeSet<>();
      named.addAll(names(Files.readString(SHARE.resolve("prometheus/stagepost.rules.yml"))));
      JsonObject dashboard =
          new JsonObject(Files.readString(SHARE.resolve("grafana/stagepost.json")));
      assertThat(dashboard.getJsonArray("panels")).isNotEmpty();
      dashboard
          .getJsonArray("panels")
          .forEach(
              panel ->
                  ((JsonObject) panel)
                      .getJsonArray("targets")
                      .forEach(t -> named.addAll(names(((JsonObject) t).getString("expr")))));
      // There is nothing in the queue.
      named.remove("stagepost_queue_destination_messages");
      assertThat(named).hasSizeGreaterThan(8).allMatch(name -> text.contains("\n" + name));
    }
  }

  private static Set<String> names(String expressions) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(expressions);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  @Test
  void destinationsOfWaitingMessagesAreCounted() throws IOException {
    try (SignedInRelay console = SignedInRelay.start(directory, "--metrics")) {
      submit(console, 2);
      List<String> token = List.of("Authorization", "Bearer " + console.token("metrics"));
      assertThat(console.send("GET", "/metrics", "", token).body())
          .contains(
              "stagepost_queue_destination_messages"
                  + "{destination=\"example.com\",relay=\"relay\",state=\"ready\"} 2");
    }
  }

  @Test
  void onlyWhoMayReadsThem() throws IOException {
    try (SignedInRelay console = SignedInRelay.start(directory, "--metrics")) {
      assertThat(console.send("GET", "/metrics", "", List.of()).statusCode()).isEqualTo(401);
      List<String> other = List.of("Authorization", "Bearer " + console.token("send"));
      assertThat(console.send("GET", "/metrics", "", other).statusCode()).isEqualTo(403);
      List<String> right = List.of("Authorization", "Bearer " + console.token("metrics"));
      assertThat(console.send("GET", "/metrics", "", right).statusCode()).isEqualTo(200);
      assertThat(console.send("GET", "/api/v1/queue", "", right).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void healthIsToldToAll() throws IOException {
    try (SignedInRelay console = SignedInRelay.start(directory)) {
      for (String path : List.of("/health/live", "/health/ready")) {
        HttpResponse<String> response = console.send("GET", path, "", List.of());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(new JsonObject(response.body())).isEqualTo(JsonObject.of("status", "UP"));
      }
      assertThat(console.ask("GET", "/health/ready", null).body())
          .contains("\"id\":\"spool\"", "\"id\":\"listeners\"", "\"id\":\"events\"");
      assertThat(console.send("GET", "/metrics", "", List.of()).statusCode()).isEqualTo(404);
    }
  }

  private static void submit(SignedInRelay console, int messages) {
    Submitters submitters = new Submitters(messages, out -> {});
    submitters.serverAt(console.relay.port());
    submitters.start(1).join();
  }

  private static String await(SignedInRelay console, String line) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    String text = "";
    while (!text.contains(line)) {
      assertThat(System.nanoTime()).as(text).isLessThan(end);
      text = console.send("GET", "/metrics", "", List.of()).body();
    }
    return text;
  }
}
