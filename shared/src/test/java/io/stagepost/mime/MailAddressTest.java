package io.stagepost.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "a@b.c|a@b.c",
        "\"A, B\" <a@b.c>, d@e.f|a@b.c d@e.f",
        "Group: a@b.c, D <d@e.f>;, g@h.i|a@b.c d@e.f g@h.i",
        "undisclosed-recipients:;|''",
        "a (x(y)z) @b.c (w)|a@b.c",
        "<@x,@y:a@b.c>|a@b.c",
        "jürgen@bücher.example|jürgen@bücher.example",
        "日本@例え.jp, 😀@x.y|日本@例え.jp 😀@x.y",
        "\"a.b\"@c.d|a.b@c.d",
        "a@[127.0.0.1]|a@[127.0.0.1]",
        "root, Bob <bob>|root bob",
        "a@b.c,, d@e.f|a@b.c d@e.f"
      })
  void listsAreRead(String text, String expected) throws FieldException {
    assertThat(
            String.join(
                " ", MailAddress.parseList("To", text).stream().map(MailAddress::address).toList()))
        .isEqualTo(expected);
  }

  @Test
  void quotesStayWhereTheyAreNeeded() throws FieldException {
    assertThat(MailAddress.parseList("To", "\"a b\"@c.d"))
        .containsExactly(new MailAddress("", "\"a b\"@c.d"));
    assertThat(MailAddress.parseList("To", "=?utf-8?q?J=C3=BC?= <a@b.c>"))
        .containsExactly(new MailAddress("Jü", "a@b.c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a@b.c d@e.f", "hello world", "a b <", "<>", "@", "a@b\nc", "a\0@b.c", "a\"b@c.d"})
  void whatIsNoListIsRefused(String text) {
    assertThatThrownBy(() -> MailAddress.parseList("Cc", text))
        .isInstanceOf(FieldException.class)
        .hasMessageStartingWith("Cc: ");
  }

  @Provide
  Arbitrary<String> anything() {
    return Arbitraries.strings().withChars("ab@.,;:<>()[]\"\\ \t\r\n\0ü").ofMaxLength(30);
  }

  /** R6, W1: nothing that a header says becomes more than one address of an envelope. */
  @Property
  void whatGoesIntoAnEnvelopeIsSafe(@ForAll("anything") String text) {
    try {
      for (MailAddress each : MailAddress.parseList("To", text)) {
        EnvelopeAddress.of(each.address())
            .ifPresent(
                address -> {
                  assertThat(address.chars()).noneMatch(Character::isISOControl);
                  assertThat(address).isNotEmpty().doesNotStartWith("@").doesNotEndWith("@");
                });
      }
    } catch (FieldException e) {
      assertThat(e.field()).isEqualTo("To");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a@b>c.d", "a b@c.d", "@x:a@b.c", "a@b.c> SIZE=1", "", "a@b\r\nc", "<a@b.c>"})
  void whatIsNoAddressStaysOutOfEnvelopes(String text) {
    assertThat(EnvelopeAddress.of(text)).isEmpty();
  }
}
