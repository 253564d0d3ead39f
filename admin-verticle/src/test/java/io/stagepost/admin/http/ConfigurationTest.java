package io.stagepost.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.http.HttpRig.Reply;
import io.stagepost.admin.http.HttpRig.Who;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file by HTTP. */
class ConfigurationTest {

  @TempDir Path directory;
  private HttpRig rig;
  private Who who;

  @BeforeEach
  void open() throws IOException {
    rig = HttpRig.ofFile(directory);
    who = rig.signIn("admin");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private JsonObject shown() {
    return rig.ask(who, "GET /api/v1/configuration").json();
  }

  private Reply put(String text, String version) {
    return rig.ask(
        who, "PUT /api/v1/configuration", JsonObject.of("text", text, "version", version));
  }

  @Test
  void fileIsShownToAdminsOnly() {
    assertThat(shown().getString("text")).contains("relay.example");
    assertThat(rig.ask(rig.signIn("vic"), "GET /api/v1/configuration").json().fieldNames())
        .contains("effective")
        .doesNotContain("text");
  }

  @Test
  void errorsAreToldAndChangeNothing() {
    String before = shown().getString("text");
    String wrong = before + "limits.recipient = 25\n";
    JsonObject validated =
        rig.ask(who, "POST /api/v1/configuration/validate", JsonObject.of("text", wrong)).json();
    assertThat(validated.getBoolean("valid")).isFalse();
    assertThat(validated.getJsonArray("problems").getJsonObject(0).getInteger("line")).isEqualTo(6);
    assertThat(put(wrong, shown().getString("version")).fields()).containsOnly("/text");
    assertThat(shown().getString("text")).isEqualTo(before);
  }

  @Test
  void changesTakeEffectAndAreRolledBack() throws IOException {
    JsonObject before = shown();
    String wider = before.getString("text") + "limits.recipients = 5\n";
    assertThat(put(wider, "0000").status()).isEqualTo(409);
    Reply changed = put(wider, before.getString("version"));
    assertThat(changed.status()).as("%s", changed.body()).isEqualTo(200);
    assertThat(Files.readString(directory.resolve("relay.conf"))).isEqualTo(wider);
    JsonObject history = rig.ask(who, "GET /api/v1/configuration/history").json();
    assertThat(history.getJsonArray("versions").size()).isEqualTo(2);
    JsonObject old = history.getJsonArray("versions").getJsonObject(1);
    assertThat(old.getString("user")).isEmpty();
    String path = "/api/v1/configuration/history/" + old.getString("version");
    assertThat(rig.ask(who, "GET " + path).json().getString("diff"))
        .contains("+limits.recipients = 5");
    assertThat(rig.ask(who, "POST " + path + "/restore").status()).isEqualTo(200);
    assertThat(Files.readString(directory.resolve("relay.conf")))
        .isEqualTo(before.getString("text"));
    assertThat(shown().getString("version")).isEqualTo(before.getString("version"));
  }
}
