package io.stagepost.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustTest {

  private static Optional<Trusted> find(String records, String address) {
    return ServerAccounts.of(SecretsParser.parse(records)).trusted(address);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3,10.1.2.3,10.1.2.4",
    "10.1.2.*,10.1.2.200,10.1.3.1",
    "10.1.*.*,10.1.200.1,10.2.0.1",
    "10.*.*.*,10.200.1.1,11.0.0.1",
    "10.0.0.0/8,10.255.255.255,11.0.0.0",
    "192.168.0.0/17,192.168.127.255,192.168.128.0",
    "192.168.128.0/18,192.168.191.255,192.168.192.0",
    "192.168.96.0/19,192.168.127.1,192.168.95.255",
    "192.168.16.0/20,192.168.31.255,192.168.32.0",
    "192.168.8.0/21,192.168.15.255,192.168.16.0",
    "2001:db8::/32,2001:db8:ffff::1,2001:db9::1",
    "::1,::1,::2"
  })
  void patternsMatchWhatTheyShould(String pattern, String inside, String outside) {
    String file = "server none " + pattern + " word";
    assertThat(find(file, inside)).contains(new Trusted(inside, pattern, "word", 1));
    assertThat(find(file, outside)).isEmpty();
  }

  @Test
  void fourStarsMatchEveryIpv4Address() {
    assertThat(find("server none *.*.*.* all", "203.0.113.9")).isPresent();
    assertThat(find("server none *.*.*.* all", "2001:db8::1")).isEmpty();
    assertThat(find("server none *.*.*.* all", "/")).isEmpty();
  }

  @Test
  void theClosestPatternCounts() {
    String file =
        "server none 10.*.*.* far\nserver none 10.1.2.3 exact\nserver none 10.1.2.0/24 near\n";
    assertThat(find(file, "10.1.2.3")).map(Trusted::keyword).contains("exact");
    assertThat(find(file, "10.1.2.4")).map(Trusted::keyword).contains("near");
    assertThat(find(file, "10.9.9.9")).map(Trusted::keyword).contains("far");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3/8", "*.1.2.3", "10.*.2.3", "*", "mail.example", "10.0.0.0/33"})
  void whatIsNoPatternMatchesNothingAndIsTold(String pattern) {
    String line = "server none " + pattern + " word";
    assertThat(SecretsParser.parse(line).warnings()).hasSize(1);
    assertThat(find(line, "10.1.2.3")).isEmpty();
  }

  @Test
  void theLogNamesPatternAndLine() {
    assertThat(find("#\nserver none 10.0.0.0/8 w", "10.1.1.1").orElseThrow().text())
        .isEqualTo("trusting [10.1.1.1]: matched [10.0.0.0/8] from line 2");
  }
}
