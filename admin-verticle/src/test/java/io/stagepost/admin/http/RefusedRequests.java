package io.stagepost.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.http.DocumentedAnswers.Asked;
import io.stagepost.admin.http.HttpRig.Reply;
import io.stagepost.admin.http.HttpRig.Who;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Requests that are wrong in the ways that the contract itself tells, of each operation. */
final class RefusedRequests {

  private static final long GIGABYTES = 10_000_000_000L;

  private final HttpRig rig;
  private final Who admin;

  RefusedRequests(HttpRig rig, Who admin) {
    this.rig = rig;
    this.admin = admin;
  }

  /** With a path that names nothing that is there. */
  static String request(Asked asked) {
    return asked.method()
        + " "
        + asked.path().replace("{part}", "1").replaceAll("\\{[a-z]+}", "none");
  }

  /** One who is who he is, with a body of the type that is expected. */
  static Who with(Who who, Asked asked) {
    return asked.bodyType().map(type -> who.with("Content-Type", type)).orElse(who);
  }

  /** 401 and 403, whatever is asked for. */
  void byStrangers(Who powerless) {
    for (Asked asked : rig.documented().operations()) {
      String what = request(asked);
      Who elsewhere = admin.with("Origin", "https://other.example");
      assertThat(rig.ask(elsewhere, what).status()).as(what).isEqualTo(403);
      if (!asked.isOpen()) {
        assertThat(rig.ask(Who.NOBODY, what).status()).as(what).isEqualTo(401);
        assertThat(rig.ask(powerless, what).status()).as(what).isEqualTo(403);
      }
    }
  }

  /** 400 for each parameter, which is named. */
  void withWrongParameters() {
    for (Asked asked : rig.documented().operations()) {
      for (JsonObject parameter : asked.parameters()) {
        String name = parameter.getString("name");
        String wrong = wrong(parameter.getJsonObject("schema"));
        String what = request(asked);
        Who who = with(admin, asked);
        switch (parameter.getString("in")) {
          case "path" ->
              what =
                  asked.method()
                      + " "
                      + asked
                          .path()
                          .replace("{" + name + "}", wrong)
                          .replace("{part}", "1")
                          .replaceAll("\\{[a-z]+}", "none");
          case "query" -> what += "?to=a@example.com&" + name + "=" + wrong;
          default -> who = who.with(name, wrong);
        }
        if (name.equals("to")) {
          what = what.replace("to=a@example.com&", "");
        }
        Reply reply = rig.ask(who, what, body(asked));
        assertThat(reply.status()).as("%s: %s", what, reply.body()).isEqualTo(400);
        assertThat(reply.fields()).as(what).containsExactly(name);
      }
    }
  }

  private static Buffer body(Asked asked) {
    return Buffer.buffer(asked.bodyType().isPresent() ? "{}" : "");
  }

  private static String wrong(JsonObject schema) {
    if (schema.containsKey("maxLength")) {
      return "x".repeat(schema.getInteger("maxLength") + 1);
    }
    return schema.containsKey("pattern") ? "%21" : "odd";
  }

  /** 400 for bodies that are no JSON, and for each of their properties, which is named. */
  void withWrongBodies() {
    for (Asked asked : rig.documented().operations()) {
      if (asked.bodySchema().isEmpty()) {
        continue;
      }
      JsonObject schema = asked.bodySchema().get();
      Reply broken = rig.ask(with(admin, asked), request(asked), Buffer.buffer("{broken"));
      assertThat(broken.fields()).as(asked.id()).containsExactly("/");
      JsonObject properties = schema.getJsonObject("properties");
      for (String name : properties.fieldNames()) {
        JsonObject body = new JsonObject().put(name, wrongType(properties.getJsonObject(name)));
        assertNamed(asked, body, "/" + name);
      }
      for (Object name : schema.getJsonArray("required", new JsonArray())) {
        assertNamed(asked, new JsonObject(), "/" + name);
      }
      assertNamed(asked, new JsonObject().put("superfluous", 1), "/superfluous");
    }
  }

  private static Object wrongType(JsonObject schema) {
    return "string".equals(schema.getString("type")) ? 5 : "odd";
  }

  private void assertNamed(Asked asked, JsonObject body, String field) {
    Reply reply = rig.ask(admin, request(asked), body);
    assertThat(reply.status()).as("%s: %s", asked.id(), reply.body()).isEqualTo(400);
    assertThat(reply.fields()).as("%s %s", asked.id(), reply.body()).contains(field);
  }

  /** 413 and 415. */
  void withBodiesThatNobodyReads() {
    for (Asked asked : rig.documented().operations()) {
      if (asked.bodyType().isPresent()) {
        String what = request(asked);
        Reply other =
            rig.ask(admin.with("Content-Type", "text/plain"), query(asked), Buffer.buffer("x"));
        assertThat(other.status()).as(what).isEqualTo(415);
        Reply large = rig.announce(with(admin, asked), query(asked), GIGABYTES);
        assertThat(large.status()).as(what).isEqualTo(413);
      }
    }
  }

  /** 404. */
  void ofRelaysThatAreNotThere() {
    for (Asked asked : rig.documented().operations()) {
      boolean ofRelay =
          asked.parameters().stream().anyMatch(each -> each.getString("name").equals("relay"));
      if (ofRelay) {
        assertThat(status(asked, "relay=none")).as(asked.id()).isEqualTo(404);
      }
    }
  }

  private int status(Asked asked, String query) {
    String what = query(asked);
    what += (what.contains("?") ? "&" : "?") + query;
    return rig.ask(with(admin, asked), what, right(asked)).status();
  }

  private static String query(Asked asked) {
    return request(asked) + (asked.id().equals("sendRawMessage") ? "?to=a@example.com" : "");
  }

  private static Buffer right(Asked asked) {
    return switch (asked.id()) {
      case "actOnQueue" -> Buffer.buffer("{\"action\":\"hold\",\"ids\":[\"none\"]}");
      case "actOnMessage" -> Buffer.buffer("{\"action\":\"hold\"}");
      case "sendMessage" -> Buffer.buffer("{\"from\":\"a@example.com\"}");
      default -> Buffer.buffer();
    };
  }
}
