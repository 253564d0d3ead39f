package io.stagepost.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.auth.SecretsFile.Remark;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsParserTest {

  private static final String MD5 = "3pIN0aPbd5aN0S4ogKA3w2P3P9XH0hXchLP1W+adpQE=";

  private static List<String> problems(String text) {
    return SecretsParser.parse(text).problems().stream()
        .map(remark -> remark.in("secrets"))
        .toList();
  }

  @Test
  void recordsCommentsAndEmptyLinesMayEndInEitherWay() {
    SecretsFile file =
        SecretsParser.parse(
            "# comment\r\n\nserver plain alice e+3Dmc2\r\n \t \n  client\tlogin  bob pw sel\n");
    assertThat(file.problems()).isEmpty();
    assertThat(file.server())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.id()).isEqualTo("alice");
              assertThat(record.secret()).hasToString("e=mc2");
              assertThat(record.line()).isEqualTo(3);
            });
    assertThat(file.client())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.selector()).isEqualTo("sel");
              assertThat(record.type()).isEqualTo(SecretType.PLAIN);
              assertThat(record.line()).isEqualTo(5);
            });
  }

  @ParameterizedTest
  @CsvSource({"plain,PLAIN", "login,PLAIN", "PLAIN,PLAIN", "md5,MD5", "cram-md5,MD5", "apop,MD5"})
  void typesHaveAliases(String spelling, SecretType type) {
    String secret = type == SecretType.MD5 ? MD5 : "x";
    SecretsFile file = SecretsParser.parse("server " + spelling + " a " + secret);
    assertThat(file.server()).extracting(SecretRecord::type).containsExactly(type);
  }

  @Test
  void base64MayHoldAnything() {
    SecretsFile file = SecretsParser.parse("server plain:b YSBi +//+\nclient plain:b = = none");
    assertThat(file.server().getFirst().id()).isEqualTo("a b");
    assertThat(file.server().getFirst().secret().getBytes()).containsExactly(-5, -1, -2);
    assertThat(file.client().getFirst().id()).isEmpty();
    assertThat(file.client().getFirst().secret().length()).isZero();
  }

  @Test
  void fieldsThatAreTooManyOnlyWarnUnlessTheyAreAComment() {
    SecretsFile file =
        SecretsParser.parse(
            "server plain a b # a long comment\nserver plain b b c d e\nclient plain c c #s\n");
    assertThat(file.problems()).isEmpty();
    assertThat(file.warnings()).containsExactly(new Remark(2, "too many fields"));
    assertThat(file.client().getFirst().selector()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "server plain a,too few fields",
    "server,too few fields",
    "foo plain a b,invalid value in first field: [foo]",
    "server plain a=b c,invalid xtext encoding of id",
    "server plain a +2x,invalid xtext encoding of secret",
    "server plain:b a! YQ==,invalid base64 encoding of id",
    "server plain:b YQ== !,invalid base64 encoding of secret",
    "server md5 a abc,invalid md5 encoding of secret",
    "server md5 a 1.2.3,invalid md5 encoding of secret",
    "server sha256 a YQ==,invalid sha256 encoding of secret",
    "client oauth a !!,invalid base64 encoding of secret",
    "server argon2id a $argon2id$,invalid argon2id encoding of secret",
    "server bcrypt a $2b$10$x,invalid bcrypt encoding of secret",
    "server scram-sha-256 a b,invalid scram-sha-256 encoding of secret",
    "server plain:b = =,empty id"
  })
  void eachProblemIsToldWithItsLine(String line, String problem) {
    assertThat(problems("#\n" + line)).containsExactly("secrets(2): " + problem);
  }

  @Test
  void duplicatesAreTold() {
    assertThat(
            problems(
                """
                server plain a x
                server md5 a %1$s
                server login a y
                client plain a x
                client plain b x sel
                client plain:b YQ== YQ==
                client md5 a %1$s
                server none 10.0.0.1 x
                server none 10.0.0.1 y
                """
                    .formatted(MD5)))
        .containsExactly(
            "secrets(3): duplicate server secret",
            "secrets(6): duplicate client secret",
            "secrets(9): duplicate server trust address");
  }

  @Test
  void allProblemsAreToldTogether() {
    assertThat(problems("a\nb\nserver plain x y\nfoo plain x y")).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"server oauth a YQ==", "client argon2id a b", "server ntlm a b"})
  void unknownTypesAreLeftOutWithAWarning(String line) {
    SecretsFile file = SecretsParser.parse(line);
    assertThat(file.problems()).isEmpty();
    assertThat(file.warnings()).hasSize(1);
    assertThat(file.server()).isEmpty();
    assertThat(file.client()).isEmpty();
  }

  @Test
  void aLineCannotForgeTheLog() {
    assertThat(problems("fo\u001b\u0001o plain a b"))
        .containsExactly("secrets(1): invalid value in first field: [fo.\\x01o]");
  }
}
