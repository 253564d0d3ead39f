package io.stagepost.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DotTransparencyTest {

  @Provide
  Arbitrary<String> troublesome() {
    // Octets around those that mean something, and runs as long as what is looked at at once.
    return Arbitraries.strings()
        .withChars('\r', '\n', '.', 'a', '\0', '\t', '\u000e', '\u008d', '\u00ff')
        .ofMaxLength(40)
        .injectDuplicates(0.2)
        .map(text -> text.replace("a", "a text "));
  }

  @Property
  void contentWithProperLineEndsComesBackByteExact(
      @ForAll("troublesome") String text, @ForAll int seed) {
    String content = text.replace("\r", "").replace("\n", "\r\n") + "\r\n";
    Decoded decoded = decode(encode(content, seed), BareLineEnds.REJECT, seed);
    assertThat(decoded.content()).isEqualTo(content);
    assertThat(decoded.rest()).isEmpty();
    assertThat(decoded.bare()).isFalse();
  }

  @Property
  void whatIsSentHasOneEndAndNoBareLineEnd(@ForAll("troublesome") String text, @ForAll int seed) {
    String wire = encode(text, seed);
    assertThat(wire.replace("\r\n", "")).doesNotContain("\r", "\n");
    assertThat(("\r\n" + wire).indexOf("\r\n.\r\n")).isEqualTo(wire.length() + 2 - 5);
  }

  @Property
  void segmentsMakeNoDifference(
      @ForAll("troublesome") String text, @ForAll BareLineEnds policy, @ForAll int seed) {
    String wire = text + "\r\n.\r\nNOOP\r\n";
    assertThat(decode(wire, policy, seed)).isEqualTo(decode(wire, policy, 0));
  }

  @Property
  void normalisedContentHasNoBareLineEnd(@ForAll("troublesome") String text, @ForAll int seed) {
    Decoded decoded = decode(text + "\r\n.\r\n", BareLineEnds.NORMALISE, seed);
    assertThat(decoded.content().replace("\r\n", "")).doesNotContain("\r", "\n");
  }

  @ParameterizedTest
  @MethodSource("io.stagepost.wire.Lookalikes#all")
  void s1NoneOfTheLookalikesEndsTheMessage(String lookalike) {
    for (BareLineEnds policy : BareLineEnds.values()) {
      String wire = "a" + lookalike + "b\r\n.\r\n";
      for (int seed = 0; seed < 20; seed++) {
        Decoded decoded = decode(wire, policy, seed);
        assertThat(decoded.content()).startsWith("a").endsWith("b\r\n");
        assertThat(decoded.rest()).isEmpty();
      }
    }
  }

  @Test
  void oneLeadingDotIsRemoved() {
    assertThat(decode("..\r\n.a\r\n..b\r\n.\r\n", BareLineEnds.REJECT, 0).content())
        .isEqualTo(".\r\na\r\n.b\r\n");
  }

  private record Decoded(String content, String rest, boolean bare) {}

  /** Seed 0 is one piece; others cut the input into pieces of up to three octets. */
  private static Decoded decode(String wire, BareLineEnds policy, int seed) {
    DotDecoder decoder = new DotDecoder(policy);
    byte[] in = wire.getBytes(ISO_8859_1);
    Buffer out = Buffer.buffer();
    int at = 0;
    for (int k = 0; at < in.length && !decoder.isDone(); k++) {
      int to = seed == 0 ? in.length : Math.min(in.length, at + piece(seed, k));
      at = decoder.decode(in, at, to, out);
    }
    assertThat(decoder.isDone()).isTrue();
    return new Decoded(
        out.toString(ISO_8859_1),
        new String(in, at, in.length - at, ISO_8859_1),
        decoder.sawBareLineEnd());
  }

  private static String encode(String content, int seed) {
    DotEncoder encoder = new DotEncoder();
    byte[] in = content.getBytes(ISO_8859_1);
    Buffer out = Buffer.buffer();
    int at = 0;
    for (int k = 0; at < in.length; k++) {
      int to = seed == 0 ? in.length : Math.min(in.length, at + piece(seed, k));
      encoder.encode(in, at, to, out);
      at = to;
    }
    encoder.finish(out);
    return out.toString(ISO_8859_1);
  }

  private static int piece(int seed, int k) {
    return 1 + Math.floorMod(seed + 31 * k, 3);
  }
}
