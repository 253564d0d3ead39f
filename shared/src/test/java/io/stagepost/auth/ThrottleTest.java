package io.stagepost.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.auth.Throttle.Ban;
import io.stagepost.net.AddressRanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {

  private static final ThrottleOptions OPTIONS =
      new ThrottleOptions(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          20,
          3,
          Duration.ofMinutes(10),
          AddressRanges.parse(List.of("127.0.0.0/8")));

  private final AtomicLong nanos = new AtomicLong();
  private final Throttle throttle = new Throttle(nanos::get);

  private void fail(String address, String user, int times) {
    for (int i = 0; i < times; i++) {
      throttle.failed(address, user, OPTIONS);
    }
  }

  @Test
  void r4TheDelayGrowsToItsLimit() {
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      delays.add(throttle.failed("192.0.2.1", "alice", OPTIONS).delay().toSeconds());
    }
    assertThat(delays).containsExactly(0L, 1L, 2L, 4L, 5L, 5L, 5L);
    assertThat(throttle.failed("192.0.2.2", "alice", OPTIONS).delay()).isZero();
  }

  @Test
  void r4TwentyFailuresBanTheAddressForATimeAndNobodyElse() {
    fail("192.0.2.1", "alice", 19);
    assertThat(throttle.isBanned("192.0.2.1", OPTIONS)).isFalse();
    assertThat(throttle.failed("192.0.2.1", "alice", OPTIONS).address()).isEqualTo(Ban.BEGINS);
    assertThat(throttle.isBanned("192.0.2.1", OPTIONS)).isTrue();
    assertThat(throttle.isBanned("192.0.2.2", OPTIONS)).isFalse();
    assertThat(throttle.isUnwelcome("192.0.2.2", "alice", OPTIONS)).isFalse();
    nanos.addAndGet(Duration.ofMinutes(11).toNanos());
    assertThat(throttle.isBanned("192.0.2.1", OPTIONS)).isFalse();
  }

  @Test
  void successesForgiveNothing() {
    fail("192.0.2.1", "alice", 19);
    throttle.succeeded("192.0.2.1", "mallory", OPTIONS);
    fail("192.0.2.1", "alice", 1);
    assertThat(throttle.isBanned("192.0.2.1", OPTIONS)).isTrue();
  }

  @Test
  void r4AUserWhoIsGuessedAtFromManyPlacesKeepsItsOwn() {
    throttle.succeeded("198.51.100.7", "alice", OPTIONS);
    fail("192.0.2.1", "alice", 5);
    fail("192.0.2.2", "alice", 1);
    assertThat(throttle.isUnwelcome("192.0.2.9", "alice", OPTIONS)).isFalse();
    assertThat(throttle.failed("192.0.2.3", "alice", OPTIONS).user()).isEqualTo(Ban.BEGINS);
    assertThat(throttle.isUnwelcome("192.0.2.9", "alice", OPTIONS)).isTrue();
    assertThat(throttle.isUnwelcome("198.51.100.7", "alice", OPTIONS)).isFalse();
    assertThat(throttle.isUnwelcome("192.0.2.9", "bob", OPTIONS)).isFalse();
    nanos.addAndGet(Duration.ofMinutes(11).toNanos());
    assertThat(throttle.isUnwelcome("192.0.2.9", "alice", OPTIONS)).isFalse();
  }

  @Test
  void exemptAddressesAreOnlyDelayedAndEachUserByItself() {
    fail("127.0.0.1", "alice", 40);
    assertThat(throttle.isBanned("127.0.0.1", OPTIONS)).isFalse();
    assertThat(throttle.failed("127.0.0.1", "alice", OPTIONS).delay())
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(throttle.failed("127.0.0.1", "bob", OPTIONS).delay()).isZero();
  }

  @Test
  void aWholeIpv6NetworkIsOnePlace() {
    for (int i = 0; i < 20; i++) {
      throttle.failed("2001:db8:1:2::" + i, "alice", OPTIONS);
    }
    assertThat(throttle.isBanned("2001:db8:1:2:ffff::1", OPTIONS)).isTrue();
    assertThat(throttle.isBanned("2001:db8:1:3::1", OPTIONS)).isFalse();
    assertThat(throttle.isUnwelcome("192.0.2.9", "alice", OPTIONS)).isFalse();
  }

  @Test
  void theTablesStayBoundedUnderManyAddresses() {
    for (int i = 0; i < 50_000; i++) {
      fail("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), "user" + i, 1);
    }
    assertThat(throttle.entries()).isLessThanOrEqualTo(20_000);
  }

  @Test
  void withoutOptionsNothingHappens() {
    for (int i = 0; i < 100; i++) {
      assertThat(throttle.failed("192.0.2.1", "alice", ThrottleOptions.OFF).delay()).isZero();
    }
    assertThat(throttle.isBanned("192.0.2.1", ThrottleOptions.OFF)).isFalse();
    assertThat(throttle.isUnwelcome("192.0.2.1", "alice", ThrottleOptions.OFF)).isFalse();
  }
}
