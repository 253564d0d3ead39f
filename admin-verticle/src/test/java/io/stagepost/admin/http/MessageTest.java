package io.stagepost.admin.http;

import static io.stagepost.spool.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.http.HttpRig.Reply;
import io.stagepost.admin.http.HttpRig.Who;
import io.stagepost.spool.Claim;
import io.stagepost.spool.MessageId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages by HTTP: sent, found, looked at, acted on. */
class MessageTest {

  private static final String SEND = "POST /api/v1/messages";

  @TempDir Path directory;
  private HttpRig rig;
  private Who who;

  @BeforeEach
  void open() throws IOException {
    rig = HttpRig.open(directory);
    who = rig.signIn("olga");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static JsonObject mail() {
    return new JsonObject()
        .put("from", "Shop <shop@example.com>")
        .put("to", JsonArray.of("Ada <ada@example.net>"))
        .put("subject", "Grüße")
        .put("text", "Thank you.");
  }

  private String sent(JsonObject mail) {
    Reply reply = rig.ask(who, SEND, mail);
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(201);
    return reply.json().getString("id");
  }

  private Who mime() {
    return who.with("Content-Type", "message/rfc822");
  }

  private String sentRaw(String message) {
    Reply reply =
        rig.ask(
            mime(),
            "POST /api/v1/messages/raw?from=a@example.com&to=b@example.com",
            Buffer.buffer(message));
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(201);
    return reply.json().getString("id");
  }

  private JsonObject counts() {
    return rig.ask(who, "GET /api/v1/queue").json().getJsonObject("counts");
  }

  private List<String> ids(String query) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    while (true) {
      JsonObject page = rig.ask(who, "GET /api/v1/queue?" + query + cursor).json();
      page.getJsonArray("items").forEach(each -> ids.add(((JsonObject) each).getString("id")));
      String next = page.getString("next");
      if (next == null) {
        return ids;
      }
      cursor = "&cursor=" + next;
    }
  }

  @Test
  void whatIsSentIsThereToBeSeen() {
    String id =
        sent(
            mail()
                .put("html", "<p>Thank you. <img src=\"cid:logo\"></p>")
                .put(
                    "attachments",
                    JsonArray.of(
                        JsonObject.of(
                            "name", "fää.txt", "type", "text/plain", "content", "aGVsbG8=")))
                .put("headers", JsonObject.of("X-Order", "17")));
    JsonObject message = rig.ask(who, "GET /api/v1/messages/" + id).json();
    assertThat(message.getJsonObject("message").getString("subject")).isEqualTo("Grüße");
    assertThat(message.getJsonObject("envelope").getString("user")).isEqualTo("olga");
    assertThat(message.getJsonArray("headers").encode())
        .contains("X-Order", "Message-ID", "Date", "Received");
    JsonObject body = rig.ask(who, "GET /api/v1/messages/" + id + "/body").json();
    assertThat(body.getString("text")).isEqualTo("Thank you.\r\n");
    assertThat(body.getString("html")).contains("Thank you");
    JsonObject attachment = body.getJsonArray("parts").getJsonObject(2);
    assertThat(attachment.getString("name")).isEqualTo("fää.txt");
    assertThat(attachment.getInteger("size")).isEqualTo(5);
    Reply part =
        rig.ask(who, "GET /api/v1/messages/" + id + "/parts/" + attachment.getString("part"));
    assertThat(part.body().toString()).isEqualTo("hello");
    assertThat(part.headers().get("content-disposition")).startsWith("attachment;");
    Reply html = rig.ask(who, "GET /api/v1/messages/" + id + "/html");
    assertThat(html.headers().get("content-security-policy"))
        .startsWith("sandbox; default-src 'none'")
        .doesNotContain("script", "https:");
    Reply raw = rig.ask(who, "GET /api/v1/messages/" + id + "/raw");
    assertThat(raw.body().toString()).contains("From: Shop <shop@example.com>\r\n");
    JsonObject trace = rig.ask(who, "GET /api/v1/messages/" + id + "/trace").json();
    assertThat(trace.getJsonArray("events").getJsonObject(0).getString("type"))
        .isEqualTo("received");
  }

  @Test
  void w1NoFieldCanForgeAnother() {
    String forged = "x\r\nBcc: victim@example.com";
    assertThat(rig.ask(who, SEND, mail().put("subject", forged)).fields())
        .containsExactly("/subject");
    assertThat(rig.ask(who, SEND, mail().put("subject", "a\nb")).fields())
        .containsExactly("/subject");
    assertThat(rig.ask(who, SEND, mail().put("from", "a@b.example\r\nX: y")).fields())
        .containsExactly("/from");
    assertThat(
            rig.ask(who, SEND, mail().put("to", JsonArray.of("a@b.example", "c@d.e\nX: y")))
                .fields())
        .containsExactly("/to/1");
    assertThat(rig.ask(who, SEND, mail().put("replyTo", JsonArray.of(forged))).fields())
        .containsExactly("/replyTo/0");
    assertThat(rig.ask(who, SEND, mail().put("headers", JsonObject.of("X-A", forged))).fields())
        .containsExactly("/headers/X-A");
    assertThat(rig.ask(who, SEND, mail().put("headers", JsonObject.of("X\r\nBcc", "y"))).status())
        .isEqualTo(400);
    JsonObject attachment = JsonObject.of("name", forged, "content", "");
    assertThat(rig.ask(who, SEND, mail().put("attachments", JsonArray.of(attachment))).fields())
        .containsExactly("/attachments/0");
    assertThat(rig.ask(who, SEND, mail().put("envelopeFrom", "a@b.c\r\nRCPT")).fields())
        .containsExactly("/envelopeFrom");
    assertThat(
            rig.ask(
                    mime(),
                    "POST /api/v1/messages/raw?from=a%0d%0ab@example.com&to=b@example.com",
                    Buffer.buffer("Subject: x\r\n\r\ny\r\n"))
                .fields())
        .containsExactly("from");
    assertThat(
            rig.ask(
                    mime(),
                    "POST /api/v1/messages/raw?from=a@example.com&to=b@example.com",
                    Buffer.buffer("Subject: x\n\ny\r\n"))
                .status())
        .isEqualTo(400);
    assertThat(counts().getInteger("ready")).isZero();
  }

  @Test
  void faultsAreNamedByTheirField() {
    assertThat(rig.ask(who, SEND, new JsonObject()).status()).isEqualTo(400);
    assertThat(rig.ask(who, SEND, mail().put("to", 5)).fields()).containsExactly("/to");
    assertThat(rig.ask(who, SEND, mail().put("to", JsonArray.of("nobody"))).fields())
        .containsExactly("/to/0");
    assertThat(rig.ask(who, SEND, mail().put("headers", JsonObject.of("Bcc", "x@y.z"))).fields())
        .containsExactly("/headers/Bcc");
    JsonObject attachment = JsonObject.of("name", "x", "content", "no base64!");
    assertThat(rig.ask(who, SEND, mail().put("attachments", JsonArray.of(attachment))).fields())
        .containsExactly("/attachments/0/content");
    assertThat(rig.ask(who, "GET /api/v1/queue?limit=9999").fields()).containsExactly("limit");
    assertThat(rig.ask(who, "GET /api/v1/queue?state=odd").fields()).containsExactly("state");
    assertThat(rig.ask(who, "GET /api/v1/queue?limit=1&limit=2").fields()).containsExactly("limit");
    assertThat(rig.ask(who, "GET /api/v1/queue?cursor=zzz").fields()).containsExactly("cursor");
    assertThat(rig.ask(who, "GET /api/v1/queue?arrivedBefore=then").fields())
        .containsExactly("arrivedBefore");
    assertThat(rig.ask(who, "GET /api/v1/queue?relay=other").status()).isEqualTo(404);
    assertThat(rig.ask(who.with("Content-Type", "text/plain"), SEND, Buffer.buffer("x")).status())
        .isEqualTo(415);
    assertThat(
            rig.ask(who.with("Content-Type", "application/json"), SEND, Buffer.buffer("{broken"))
                .status())
        .isEqualTo(400);
    assertThat(rig.ask(who, "PATCH /api/v1/queue").status()).isEqualTo(405);
    assertThat(rig.ask(who, "GET /api/v1/nothing").status()).isEqualTo(404);
  }

  @Test
  void w6SameKeySameAnswerAndOneMessage() throws IOException {
    Who keyed = who.with("Idempotency-Key", "order-17");
    String id = rig.ask(keyed, SEND, mail()).json().getString("id");
    assertThat(rig.ask(keyed, SEND, mail()).json().getString("id")).isEqualTo(id);
    assertThat(rig.ask(keyed, SEND, mail().put("text", "other")).status()).isEqualTo(409);
    Who other = rig.signIn("admin").with("Idempotency-Key", "order-17");
    assertThat(rig.ask(other, SEND, mail()).json().getString("id")).isNotEqualTo(id);
    rig.close();
    rig = HttpRig.open(directory);
    who = rig.signIn("olga");
    keyed = who.with("Idempotency-Key", "order-17");
    assertThat(rig.ask(keyed, SEND, mail()).json().getString("id")).isEqualTo(id);
    assertThat(rig.ask(keyed, SEND, mail().put("text", "other")).status()).isEqualTo(409);
    assertThat(counts().getInteger("ready")).isEqualTo(2);
  }

  @Test
  void w6FiftyAtOnceAreOneMessage() {
    Who keyed = who.with("Idempotency-Key", "at-once").with("Content-Type", "application/json");
    List<Future<Reply>> replies =
        Stream.generate(() -> rig.asking(keyed, SEND, mail().toBuffer())).limit(50).toList();
    await(Future.all(replies));
    assertThat(replies.stream().map(reply -> reply.result().json().getString("id")).distinct())
        .hasSize(1);
    Who raw = mime().with("Idempotency-Key", "raw-at-once");
    List<Future<Reply>> raws =
        Stream.generate(
                () ->
                    rig.asking(
                        raw,
                        "POST /api/v1/messages/raw?to=b@example.com",
                        Buffer.buffer("Subject: x\r\n\r\ny\r\n")))
            .limit(50)
            .toList();
    await(Future.all(raws));
    assertThat(raws.stream().map(reply -> reply.result().json().getString("id")).distinct())
        .hasSize(1);
    assertThat(counts().getInteger("ready")).isEqualTo(2);
  }

  @Test
  void m5TooMuchIsRefused() throws IOException {
    Buffer big = Buffer.buffer(new byte[25 << 20]);
    Who json = who.with("Content-Type", "application/json");
    assertThat(rig.ask(json, SEND, big).status()).isEqualTo(413);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 200; i++) {
        zip.write(new byte[1 << 20]);
      }
    }
    Reply reply =
        rig.ask(json.with("Content-Encoding", "gzip"), SEND, Buffer.buffer(bomb.toByteArray()));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(counts().getInteger("ready")).isZero();
  }

  @Test
  void w4IdsThatLeadElsewhereFindNothing() {
    for (String id :
        List.of(
            "..%2f..%2fx",
            "%2e%2e%2f%2e%2e%2fx",
            "..%5c..%5cx",
            "..%252f..%252fx",
            "%2fetc%2fpasswd",
            "x%00y",
            "../../x",
            "..",
            ".",
            "%2e%2e")) {
      for (String rest : List.of("", "/raw", "/trace", "/body", "/parts/1")) {
        int status = rig.ask(who, "GET /api/v1/messages/" + id + rest).status();
        assertThat(status).as(id + rest).isEqualTo(404);
      }
    }
  }

  @Test
  void m4NestsAndCrowdsOfPartsAreBounded() {
    StringBuilder nest = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      nest.append("Content-Type: multipart/mixed; boundary=b").append(i).append("\r\n\r\n--b");
      nest.append(i).append("\r\n");
    }
    String deep = sentRaw(nest + "\r\nhello\r\n");
    JsonObject body = rig.ask(who, "GET /api/v1/messages/" + deep + "/body").json();
    assertThat(body.getBoolean("truncated")).isTrue();
    assertThat(rig.ask(who, "GET /api/v1/messages/" + deep).status()).isEqualTo(200);
    String part = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n";
    String many =
        sentRaw(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part.repeat(5_000) + "--b--\r\n");
    body = rig.ask(who, "GET /api/v1/messages/" + many + "/body").json();
    assertThat(body.getJsonArray("parts").size()).isEqualTo(200);
    assertThat(body.getBoolean("truncated")).isTrue();
    String long1 = sentRaw("Subject: x\r\n\r\n" + "0123456789abcdef\r\n".repeat(100_000));
    body = rig.ask(who, "GET /api/v1/messages/" + long1 + "/body").json();
    assertThat(body.getString("text")).hasSize(512 << 10);
    assertThat(body.getBoolean("truncated")).isTrue();
    String fields = sentRaw("X-A: b\r\n".repeat(3_000) + "\r\nhello\r\n");
    JsonObject shown = rig.ask(who, "GET /api/v1/messages/" + fields).json();
    assertThat(shown.getJsonArray("headers").size()).isEqualTo(500);
    assertThat(shown.getBoolean("truncated")).isTrue();
  }

  @Test
  void w5HtmlIsShownAsAPageThatCanDoNothing() {
    String id =
        sent(mail().put("html", "<script src=https://other.example/x></script><p>Your order</p>"));
    Reply page = rig.ask(who, "GET /api/v1/messages/" + id + "/html");
    assertThat(page.headers().get("content-security-policy"))
        .startsWith("sandbox; default-src 'none';")
        .doesNotContain("script-src", "allow-", "https:");
    Reply remote = rig.ask(who, "GET /api/v1/messages/" + id + "/html?remote=true");
    assertThat(remote.headers().get("content-security-policy"))
        .startsWith("sandbox; default-src 'none';")
        .contains("img-src data: 'self' https:")
        .doesNotContain("script-src", "allow-");
    for (Reply each : List.of(page, remote)) {
      assertThat(each.headers()).containsEntry("x-content-type-options", "nosniff");
    }
  }

  @Test
  void messagesAreFoundByWhatIsKnownOfThem() {
    String one = sent(mail());
    String other =
        sent(mail().put("to", JsonArray.of("bob+tag@other.example")).put("subject", "100% 12.5"));
    assertThat(ids("limit=1")).containsExactly(one, other);
    assertThat(ids("sender=SHOP")).containsExactly(one, other);
    assertThat(ids("recipient=bob%2Btag")).containsExactly(other);
    assertThat(ids("subject=gr%C3%BC")).containsExactly(one);
    assertThat(ids("subject=100%25")).containsExactly(other);
    assertThat(ids("subject=12.5")).containsExactly(other);
    assertThat(ids("id=" + one)).containsExactly(one);
    assertThat(ids("id=nothing")).isEmpty();
    assertThat(ids("state=failed,held")).isEmpty();
    assertThat(ids("text=ada&arrivedAfter=2020-01-01T00:00:00Z")).containsExactly(one);
    assertThat(ids("arrivedBefore=2020-01-01T00:00:00Z")).isEmpty();
    JsonObject page = rig.ask(who, "GET /api/v1/queue?subjects=true").json();
    assertThat(page.getJsonArray("items").getJsonObject(0).getString("subject")).isEqualTo("Grüße");
  }

  @Test
  void messagesAreActedOnOneByOneAndTogether() {
    String one = sent(mail());
    String two = sent(mail());
    String act = "POST /api/v1/messages/" + one + "/actions";
    assertThat(rig.ask(who, act, JsonObject.of("action", "hold")).status()).isEqualTo(204);
    assertThat(rig.ask(who, act, JsonObject.of("action", "hold")).status()).isEqualTo(409);
    assertThat(rig.ask(who, act, JsonObject.of("action", "release")).status()).isEqualTo(204);
    String bulk = "POST /api/v1/queue/actions";
    JsonObject hold = JsonObject.of("action", "hold", "ids", JsonArray.of(one, two, "none"));
    JsonObject result = rig.ask(who, bulk, hold).json();
    assertThat(result.getInteger("done")).isEqualTo(2);
    assertThat(result.getInteger("failed")).isEqualTo(1);
    JsonObject wrong = JsonObject.of("action", "retry", "filter", JsonObject.of("state", "held"));
    assertThat(rig.ask(who, bulk, wrong).fields()).containsExactly("/action");
    assertThat(rig.ask(who, bulk, JsonObject.of("action", "hold")).fields())
        .containsExactly("/ids");
    JsonObject delete =
        JsonObject.of(
            "action",
            "delete",
            "filter",
            JsonObject.of("state", "held", "recipient", "ada@example.net"));
    assertThat(rig.ask(who, bulk, delete).json().getInteger("done")).isEqualTo(2);
    assertThat(rig.ask(who, "DELETE /api/v1/messages/" + one).status()).isEqualTo(404);
    assertThat(rig.ask(who, "POST /api/v1/queue/flush").status()).isEqualTo(409);
  }

  @Test
  void failuresComeInGroupsAndAreRetried() {
    for (int i = 0; i < 3; i++) {
      String id = sent(mail());
      Claim claim = await(rig.store.spool().claim(new MessageId(id)));
      await(
          claim.failed(
              new Claim.Failure("550 no such user (id 12345678" + i + ")", Optional.of(550))));
    }
    JsonObject group =
        rig.ask(who, "GET /api/v1/failures").json().getJsonArray("groups").getJsonObject(0);
    assertThat(group.getInteger("count")).isEqualTo(3);
    assertThat(group.getString("destination")).isEqualTo("example.net");
    JsonObject retry = JsonObject.of("action", "retry", "ids", group.getJsonArray("ids"));
    assertThat(rig.ask(who, "POST /api/v1/queue/actions", retry).json().getInteger("done"))
        .isEqualTo(3);
    assertThat(counts().getInteger("ready")).isEqualTo(3);
  }
}
