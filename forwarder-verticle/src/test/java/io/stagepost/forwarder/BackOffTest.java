package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.net.NextHop;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {

  @ParameterizedTest
  @CsvSource({"0,60", "1,120", "5,1920", "6,3600", "40,3600", "2000000000,3600"})
  void q1DelaysDoubleUpToTheLongestAndVaryByAFifth(int deferrals, int seconds) {
    for (int i = 0; i < 100; i++) {
      assertThat(BackOff.delay(TemporaryFailures.KEEP, deferrals).toMillis())
          .isBetween(seconds * 800L, seconds * 1200L);
    }
  }

  @Test
  void pausesOfANextHopDoubleUntilItWorks() {
    HopHealth health = new HopHealth();
    Destination hop = new Destination(new NextHop.Tcp("h.test", 25), "");
    assertThat(health.pause(hop)).isZero();
    assertThat(health.failed(hop)).isEqualTo(Duration.ofSeconds(5));
    assertThat(health.pause(hop)).isPositive();
    assertThat(health.failed(hop)).isEqualTo(Duration.ofSeconds(10));
    health.tryAll();
    assertThat(health.pause(hop)).isZero();
    for (int i = 0; i < 20; i++) {
      health.failed(hop);
    }
    assertThat(health.failed(hop)).isEqualTo(Duration.ofMinutes(5));
    health.works(hop);
    assertThat(health.failed(hop)).isEqualTo(Duration.ofSeconds(5));
  }
}
