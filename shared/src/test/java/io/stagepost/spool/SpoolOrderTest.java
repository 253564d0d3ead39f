package io.stagepost.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SpoolOrderTest {

  private static final Pattern TOKEN = Pattern.compile("\\d+|\\D");

  @Provide
  Arbitrary<String> ids() {
    return Arbitraries.strings().withChars("0129.ab").ofMinLength(1).ofMaxLength(8);
  }

  @Test
  void numbersCountAsNumbers() {
    assertThat(SpoolOrder.compare("emailrelay.9.9.2", "emailrelay.9.9.10")).isNegative();
    assertThat(SpoolOrder.compare("emailrelay.9.10.2", "emailrelay.9.9.10")).isPositive();
    assertThat(SpoolOrder.compare("a.001", "a.002")).isNegative();
  }

  @Property
  void theOrderIsThatOfTheNumbersAndCharacters(@ForAll("ids") String a, @ForAll("ids") String b) {
    assertThat(Integer.signum(SpoolOrder.compare(a, b))).isEqualTo(Integer.signum(simple(a, b)));
    assertThat(SpoolOrder.compare(a, b) == 0).isEqualTo(a.equals(b));
    assertThat(Integer.signum(SpoolOrder.compare(b, a)))
        .isEqualTo(-Integer.signum(SpoolOrder.compare(a, b)));
  }

  @Property
  void theOrderIsTransitive(
      @ForAll("ids") String a, @ForAll("ids") String b, @ForAll("ids") String c) {
    if (SpoolOrder.compare(a, b) < 0 && SpoolOrder.compare(b, c) < 0) {
      assertThat(SpoolOrder.compare(a, c)).isNegative();
    }
  }

  private static int simple(String a, String b) {
    var left = TOKEN.matcher(a).results().map(MatchResult::group).toList();
    var right = TOKEN.matcher(b).results().map(MatchResult::group).toList();
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      String x = left.get(i);
      String y = right.get(i);
      boolean numbers = Character.isDigit(x.charAt(0)) && Character.isDigit(y.charAt(0));
      int order =
          numbers ? new BigInteger(x).compareTo(new BigInteger(y)) : x.charAt(0) - y.charAt(0);
      if (order != 0) {
        return order;
      }
    }
    int order = Integer.compare(left.size(), right.size());
    return order != 0 ? order : a.compareTo(b);
  }
}
