package io.stagepost.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MechanismRulesTest {

  private static final List<String> ALL = List.of("CRAM-MD5", "PLAIN", "LOGIN");

  private static String allowed(MechanismRules rules, Privacy privacy) {
    return String.join(" ", ALL.stream().filter(m -> rules.allow(m, privacy)).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                  | CRAM-MD5 PLAIN LOGIN | CRAM-MD5 PLAIN LOGIN",
        "m:login,plain       | PLAIN LOGIN          | PLAIN LOGIN",
        "login,plain         | PLAIN LOGIN          | PLAIN LOGIN",
        "M:x                 | ''                   | ''",
        "m:                  | ''                   | ''",
        "m:;a:plain          | ''                   | PLAIN",
        "a:plain             | CRAM-MD5 PLAIN LOGIN | PLAIN",
        "d:plain,login       | CRAM-MD5 PLAIN LOGIN | CRAM-MD5",
        "x:cram-md5          | PLAIN LOGIN          | PLAIN LOGIN",
        "x:plain;d:login     | CRAM-MD5 LOGIN       | CRAM-MD5 PLAIN",
        "m:plain,login;x:login | PLAIN              | PLAIN",
        "unheard-of          | ''                   | ''"
      })
  void rulesChoose(String text, String clear, String encrypted) {
    MechanismRules rules = MechanismRules.parse(Optional.of(text));
    assertThat(allowed(rules, Privacy.CLEAR)).isEqualTo(clear);
    assertThat(allowed(rules, Privacy.ENCRYPTED)).isEqualTo(encrypted);
    assertThat(ALL.stream().filter(rules::allowOurs))
        .containsExactlyElementsOf(
            ALL.stream().filter(m -> rules.allow(m, Privacy.CLEAR)).toList());
  }
}
