package io.stagepost.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LineEndFilterTest {

  @Provide
  Arbitrary<String> troublesome() {
    return Arbitraries.strings().withChars('\r', '\n', 'a').ofMaxLength(30);
  }

  @Property
  void nothingChangesUnlessNormalised(@ForAll("troublesome") String text, @ForAll int seed) {
    assertThat(pass(text, BareLineEnds.REJECT, seed).content()).isEqualTo(text);
    assertThat(pass(text, BareLineEnds.ALLOW, seed).content()).isEqualTo(text);
  }

  @Property
  void normalisedContentHasNoBareLineEnd(@ForAll("troublesome") String text, @ForAll int seed) {
    String content = pass(text, BareLineEnds.NORMALISE, seed).content();
    assertThat(content.replace("\r\n", "")).doesNotContain("\r", "\n");
    assertThat(content.replace("\r\n", "")).isEqualTo(text.replaceAll("[\r\n]", ""));
  }

  @Property
  void bareLineEndsAreSeenHoweverTheyAreCut(@ForAll("troublesome") String text, @ForAll int seed) {
    String proper = text.replace("\r\n", "");
    boolean bare = proper.contains("\r") || proper.contains("\n");
    assertThat(pass(text, BareLineEnds.REJECT, seed).bare()).isEqualTo(bare);
  }

  private record Passed(String content, boolean bare) {}

  private static Passed pass(String text, BareLineEnds policy, int seed) {
    LineEndFilter filter = new LineEndFilter(policy);
    byte[] in = text.getBytes(ISO_8859_1);
    Buffer out = Buffer.buffer();
    int at = 0;
    for (int k = 0; at < in.length; k++) {
      int to = Math.min(in.length, at + 1 + Math.floorMod(seed + 31 * k, 3));
      filter.pass(in, at, to, out);
      at = to;
    }
    filter.finish(out);
    return new Passed(out.toString(ISO_8859_1), filter.sawBareLineEnd());
  }
}
