package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.NextHop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HopParserTest {

  @ParameterizedTest
  @CsvSource({
    "h.test:25,h.test,25",
    "127.0.0.1:smtp,127.0.0.1,25",
    "[::1]:587,::1,587",
    "::1:587,::1,587",
    "h.test:submission,h.test,587"
  })
  void theLastColonSeparatesThePort(String text, String host, int port) {
    assertThat(HopParser.parse(text)).contains(new NextHop.Tcp(host, port));
  }

  @Test
  void namesBeyondAsciiBecomeALabels() {
    assertThat(HopParser.parse("b\u00fccher.test:25"))
        .contains(new NextHop.Tcp("xn--bcher-kva.test", 25));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "h.test", ":25", "h.test:", "h.test:0", "h.test:65536", "h:x", "[]:25"})
  void whatIsNoNextHop(String text) {
    assertThat(HopParser.parse(text)).isEmpty();
  }
}
