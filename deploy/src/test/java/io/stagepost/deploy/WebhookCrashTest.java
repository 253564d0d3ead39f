package io.stagepost.deploy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Webhooks of a relay that is killed while their receiver fails now and then. */
class WebhookCrashTest {

  @Test
  void eachDeliveryIsToldThoughTheRelayIsKilled() {
    Command.of("python3", Distribution.DEPLOY.resolve("bench/webhooks").toString())
        .with(List.of("--kills", "5", "--interval", "2"))
        .succeed();
  }
}
