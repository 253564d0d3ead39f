package io.stagepost.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsVersionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''             | TLSv1.2 TLSv1.3",
        "tlsv1.3        | TLSv1.3",
        "-tlsv1.2       | TLSv1.2",
        "tlsv1.0        | TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
        "TLSv1.1 -tlsv1.2 | TLSv1.1 TLSv1.2",
        "sslv3          | TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
        "tlsv1.3 -tlsv1.2 | TLSv1.2",
        "openssl op_all mbedtls | TLSv1.2 TLSv1.3"
      })
  void wordsAreMinimumAndMaximum(String words, String protocols) {
    TlsVersions versions = TlsVersions.parse(words(words));
    assertThat(String.join(" ", versions.protocols())).isEqualTo(protocols);
    assertThat(versions.ignored()).isEmpty();
    assertThat(versions.checks()).isEqualTo(TlsVersions.Checks.AS_CONFIGURED);
  }

  @Test
  void whatMeansNothingIsTold() {
    assertThat(TlsVersions.parse(List.of("tlsv2", "noverify")))
        .isEqualTo(
            new TlsVersions(
                List.of("TLSv1.2", "TLSv1.3"), TlsVersions.Checks.NONE, List.of("tlsv2")));
    assertThat(TlsVersions.parse(List.of("tlsv2", "ignoreextra")).ignored()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "TLS_AES_256_GCM_SHA384, TLS_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, ECDHE-RSA-AES128-SHA256",
    "TLS_RSA_WITH_AES_128_CBC_SHA, AES128-SHA",
    "TLS_DHE_RSA_WITH_AES_256_CBC_SHA, DHE-RSA-AES256-SHA"
  })
  void ciphersAreNamedAsOpenSslDoes(String iana, String name) {
    assertThat(CipherNames.openSsl(iana)).isEqualTo(name);
  }

  private static List<String> words(String words) {
    return words.isEmpty() ? List.of() : List.of(words.split(" "));
  }
}
