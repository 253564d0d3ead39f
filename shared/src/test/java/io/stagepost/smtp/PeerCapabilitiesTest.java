package io.stagepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.smtp.PeerCapabilities.Extension;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerCapabilitiesTest {

  private static PeerCapabilities of(String... lines) {
    return PeerCapabilities.of(new Reply(ReplyCode.OK_250, null, List.of(lines)));
  }

  @Test
  void keywordsAreWordsInAnyCase() {
    PeerCapabilities peer =
        of("hello", "pipelining", "8BitMime x", "CHUNKINGS", "AUTH plain LOGIN");
    assertThat(peer.extensions())
        .containsExactlyInAnyOrder(Extension.PIPELINING, Extension.EIGHTBITMIME, Extension.AUTH);
    assertThat(peer.mechanisms()).containsExactly("PLAIN", "LOGIN");
    assertThat(peer.maximumSize()).isZero();
  }

  @Test
  void theFirstLineIsNoKeyword() {
    assertThat(of("CHUNKING").extensions()).isEmpty();
  }

  @Test
  void sizeMayComeWithoutANumberOrWithNonsense() {
    assertThat(of("h", "SIZE 1000").maximumSize()).isEqualTo(1000);
    assertThat(of("h", "SIZE").offers(Extension.SIZE)).isTrue();
    assertThat(of("h", "SIZE many").maximumSize()).isZero();
    assertThat(of("h", "SIZE 99999999999999999999").maximumSize()).isZero();
    assertThat(of("h", "").extensions()).isEmpty();
  }
}
