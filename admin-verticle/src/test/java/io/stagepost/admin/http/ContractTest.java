package io.stagepost.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.http.HttpRig.Who;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each operation gives each answer that the contract has, and none besides. */
class ContractTest {

  private static final String[] LINES = {
    "webhooks.allow = [\"127.0.0.1\"]",
    "limits.size = 48000000",
    "auth { ban-after = 3, ban-exempt = [\"192.0.2.1\"], delay = 0 }"
  };

  @TempDir Path directory;

  @Test
  void everyAnswerOfEveryOperationIsGivenAndIsAsDocumented() throws IOException {
    Set<String> seen = new TreeSet<>();
    Path first = directory.resolve("first");
    try (HttpRig rig = HttpRig.ofFile(first, LINES)) {
      Who admin = rig.signIn("admin");
      RefusedRequests refused = new RefusedRequests(rig, admin);
      refused.byStrangers(powerless(rig, admin));
      refused.withWrongParameters();
      refused.withWrongBodies();
      refused.withBodiesThatNobodyReads();
      refused.ofRelaysThatAreNotThere();
      GivenAnswers given = new GivenAnswers(rig, admin);
      given.ofConfiguration();
      given.ofMessages(first.resolve("spool"));
      given.ofForwarding();
      given.ofWebhooks();
      given.ofInsight();
      HinderedAnswers hindered = new HinderedAnswers(rig, admin);
      hindered.byOthersLooks();
      hindered.byOthersBodies();
      given.ofAccess();
      hindered.byABan();
      seen.addAll(rig.seen);
    }
    Path second = directory.resolve("second");
    try (FileChannel other = lock(second.resolve("state/webhooks/lock"));
        HttpRig rig = HttpRig.in(HinderedAnswers.SURROUNDINGS, second)) {
      new HinderedAnswers(rig, rig.signIn("admin")).byTheHost();
      seen.addAll(rig.seen);
      assertThat(other.isOpen()).isTrue();
      assertThat(seen).containsExactlyElementsOf(rig.documented().all());
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    assertThat(channel.tryLock()).isNotNull();
    return channel;
  }

  private static Who powerless(HttpRig rig, Who admin) {
    JsonObject wanted = JsonObject.of("name", "pages", "scopes", JsonArray.of("metrics"));
    return Who.token(rig.ask(admin, "POST /api/v1/tokens", wanted).json().getString("token"));
  }
}
