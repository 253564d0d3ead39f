package io.stagepost.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangesTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "192.168.128.0/17, 192.168.128.1, true",
    "192.168.128.0/17, 192.168.127.255, false",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "::ffff:10.1.2.3, 10.1.2.3, true",
    "1.2.3.4, 1.2.3.4, true",
    "1.2.3.4, 1.2.3.5, false",
    "fe80::/64, fe80::1234, true",
    "fe80::/64, fe80:0:0:1::1, false",
    "fc00::/7, fdff::1, true",
    "fc00::/7, fe00::1, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, ::1, false",
    "::1, ::1, true",
    "10.0.0.0/8, nonsense, false",
  })
  void rangeContainsAddress(String range, String address, boolean contained) {
    assertThat(AddressRange.parse(range).contains(address)).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "::1/129", "/8"})
  void othersAreNoRanges(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
