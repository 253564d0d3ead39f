package io.stagepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XtextTest {

  @Property
  void whatIsEncodedIsValidAndComesBack(@ForAll @StringLength(max = 40) String text) {
    // Unpaired surrogates have no UTF-8 form.
    String clean = text.replaceAll("\\p{Cs}", "");
    String encoded = Xtext.encode(clean);
    assertThat(Xtext.isValid(encoded)).isTrue();
    assertThat(Xtext.decode(encoded)).isEqualTo(clean);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a=b", "+", "+2", "+2b", "+GG", "\u00e4", "a\n"})
  void othersAreNotValid(String text) {
    assertThat(Xtext.isValid(text)).isFalse();
  }
}
