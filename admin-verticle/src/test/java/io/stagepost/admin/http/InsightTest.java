package io.stagepost.admin.http;

import static io.stagepost.spool.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.http.HttpRig.Reply;
import io.stagepost.admin.http.HttpRig.Who;
import io.stagepost.spool.Await;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers, events, the log, and the process. */
class InsightTest {

  @TempDir Path directory;
  private HttpRig rig;
  private Who who;

  @BeforeEach
  void open() throws IOException {
    rig = HttpRig.open(directory);
    who = rig.signIn("admin");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private String sent() {
    JsonObject mail =
        JsonObject.of(
            "from", "a@example.com", "to", JsonArray.of("b@example.net"), "text", "hello");
    return rig.ask(who, "POST /api/v1/messages", mail).json().getString("id");
  }

  private BlockingQueue<String> stream(Who reader, String path) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(rig.port())
            .setMethod(HttpMethod.GET)
            .setURI(path);
    reader.headers().forEach(options::putHeader);
    HttpClientResponse response =
        await(
            rig.client()
                .request(options)
                .compose(request -> request.send())
                .map(
                    answer -> {
                      RecordParser.newDelimited("\n", answer)
                          .handler(line -> lines.add(line.toString()));
                      return answer;
                    }));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.getHeader("content-type")).isEqualTo("text/event-stream");
    return lines;
  }

  private static String next(BlockingQueue<String> lines, String begins)
      throws InterruptedException {
    while (true) {
      String line = lines.poll(60, TimeUnit.SECONDS);
      assertThat(line).as("a line that begins with %s", begins).isNotNull();
      if (line.startsWith(begins)) {
        return line.substring(begins.length());
      }
    }
  }

  @Test
  void whatHappensIsCounted() {
    sent();
    JsonObject statistics = rig.ask(who, "GET /api/v1/statistics").json();
    assertThat(statistics.getJsonObject("queue").getInteger("ready")).isEqualTo(1);
    JsonObject series = rig.ask(who, "GET /api/v1/statistics/series?minutes=1").json();
    int steps = series.getJsonArray("times").size();
    assertThat(steps).isEqualTo(6);
    assertThat(series.getJsonObject("events").getJsonArray("received").size()).isEqualTo(steps);
    assertThat(series.getJsonObject("queue").getJsonArray("ready").size()).isEqualTo(steps);
    assertThat(rig.ask(who, "GET /api/v1/destinations").status()).isEqualTo(200);
    assertThat(rig.ask(who, "GET /api/v1/failures").status()).isEqualTo(200);
    assertThat(rig.ask(who, "GET /api/v1/statistics/series?minutes=0").fields())
        .containsExactly("minutes");
  }

  @Test
  void eventsAreListed() {
    String one = sent();
    String two = sent();
    Await.until(() -> newest().equals(two));
    JsonObject first = rig.ask(who, "GET /api/v1/events?cursor=&limit=1").json();
    assertThat(first.getJsonArray("events").getJsonObject(0).getString("id")).isEqualTo(one);
    JsonObject second = rig.ask(who, "GET /api/v1/events?cursor=" + first.getString("next")).json();
    assertThat(second.getJsonArray("events").getJsonObject(0).getString("id")).isEqualTo(two);
    assertThat(rig.ask(who, "GET /api/v1/events?cursor=odd").fields()).containsExactly("cursor");
  }

  private String newest() {
    JsonObject page = rig.ask(who, "GET /api/v1/events?type=received&limit=1").json();
    return page.getJsonArray("events").stream()
        .map(event -> ((JsonObject) event).getString("id"))
        .findFirst()
        .orElse("");
  }

  @Test
  void eventsComeAsTheyHappenAndGoOnWhereOneWas() throws InterruptedException {
    BlockingQueue<String> lines = stream(who, "/api/v1/events/stream");
    String one = sent();
    String cursor = next(lines, "id: ");
    assertThat(next(lines, "data: ")).contains(one);
    String two = sent();
    assertThat(next(lines, "data: {\"version\"")).contains(two);
    BlockingQueue<String> again =
        stream(who.with("Last-Event-ID", cursor), "/api/v1/events/stream?type=received");
    assertThat(next(again, "data: {\"version\"")).contains(two);
    String three = sent();
    assertThat(next(again, "data: {\"version\"")).contains(three);
    assertThat(rig.ask(who.with("Last-Event-ID", "odd"), "GET /api/v1/events/stream").fields())
        .containsExactly("Last-Event-ID");
  }

  @Test
  void mailboxesAreCounted() throws IOException {
    Path place = Files.createDirectory(directory.resolve("pop"));
    try (HttpRig serving =
        HttpRig.open(place, "--pop", "--pop-port=0", "--pop-auth=" + place.resolve("accounts"))) {
      Who reader = serving.signIn("admin");
      JsonObject mail =
          JsonObject.of("from", "a@example.com", "to", JsonArray.of("b@example.net"), "text", "x");
      assertThat(serving.ask(reader, "POST /api/v1/messages", mail).status()).isEqualTo(201);
      for (int i = 0; i < 2; i++) {
        JsonObject found = serving.ask(reader, "GET /api/v1/mailboxes").json();
        assertThat(found.getString("kind")).isEqualTo("shared");
        JsonObject mailbox = found.getJsonArray("mailboxes").getJsonObject(0);
        assertThat(mailbox.getInteger("messages")).isEqualTo(1);
        assertThat(mailbox.getInteger("octets")).isPositive();
      }
    }
  }

  @Test
  void processTellsOfItself() {
    JsonObject relay =
        rig.ask(who, "GET /api/v1/relays").json().getJsonArray("relays").getJsonObject(0);
    assertThat(relay.getString("domain")).isEqualTo("relay.example");
    JsonObject node =
        rig.ask(who, "GET /api/v1/nodes").json().getJsonArray("nodes").getJsonObject(0);
    assertThat(node.getBoolean("self")).isTrue();
    assertThat(rig.ask(who, "GET /api/v1/mailboxes").json().getString("kind")).isEqualTo("none");
    assertThat(rig.ask(who, "GET /api/v1/log").status()).isEqualTo(200);
    Reply configuration = rig.ask(who, "GET /api/v1/configuration");
    assertThat(configuration.json().getBoolean("editable")).isFalse();
    assertThat(rig.ask(who, "PUT /api/v1/configuration", JsonObject.of("text", "x")).status())
        .isEqualTo(409);
    assertThat(rig.ask(who, "GET /api/v1/configuration/history/none").status()).isEqualTo(404);
  }
}
