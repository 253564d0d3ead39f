package io.stagepost.pop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class TopCutTest {

  @Provide
  Arbitrary<String> contents() {
    return Arbitraries.of("\n", "\r", "\r\n", "a", ".", "bcdefghij")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Property
  void cutsTheSameHoweverItIsFed(
      @ForAll("contents") String content,
      @ForAll @IntRange(max = 5) int lines,
      @ForAll @IntRange(min = 1, max = 9) int piece) {
    byte[] octets = content.getBytes(ISO_8859_1);
    TopCut cut = new TopCut(lines);
    StringBuilder taken = new StringBuilder();
    for (int from = 0; from < octets.length && !cut.isDone(); from += piece) {
      int end = cut.take(octets, from, Math.min(octets.length, from + piece));
      taken.append(new String(octets, from, end - from, ISO_8859_1));
    }
    assertThat(linesOf(taken.toString())).isEqualTo(expected(linesOf(content), lines));
  }

  private static List<String> expected(List<String> all, int lines) {
    int blank = all.indexOf("");
    return blank < 0 ? all : all.subList(0, Math.min(all.size(), blank + 1 + lines));
  }

  private static List<String> linesOf(String content) {
    List<String> lines = new ArrayList<>(List.of(content.split("\r\n|\r|\n", -1)));
    if (lines.getLast().isEmpty()) {
      lines.removeLast(); // after the last line end there is no line
    }
    return lines;
  }
}
