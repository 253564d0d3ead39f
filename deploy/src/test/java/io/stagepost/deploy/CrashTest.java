package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.deploy.Command.Result;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A short run of the kill campaign; the long one is {@code deploy/bench/crash}. */
@Tag("python")
class CrashTest {

  private static final String SCRIPT = Distribution.DEPLOY.resolve("bench/crash").toString();

  @Test
  void d1NothingAcknowledgedIsLostWhenKilledUnderLoad() {
    Result result =
        Command.of(SCRIPT, "--kills", "10", "--clients", "10", "--interval", "1.5").succeed();
    assertThat(result.out())
        .containsPattern("(?m)^kills: +10$")
        .containsPattern("(?m)^acknowledged and not delivered: 0$");
  }
}
