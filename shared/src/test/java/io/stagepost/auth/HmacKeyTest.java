package io.stagepost.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HmacKeyTest {

  private static final Map<HmacHash, String> JDK_NAMES =
      Map.of(
          HmacHash.MD5, "HmacMD5",
          HmacHash.SHA1, "HmacSHA1",
          HmacHash.SHA256, "HmacSHA256",
          HmacHash.SHA512, "HmacSHA512");

  @Test
  void theStatesAreWrittenAsTheyAlwaysWere() {
    HmacKey key = HmacKey.of(HmacHash.MD5, "foobar".getBytes(UTF_8));
    assertThat(key.encoded()).isEqualTo("3pIN0aPbd5aN0S4ogKA3w2P3P9XH0hXchLP1W+adpQE=");
    assertThat(key.dotted())
        .isEqualTo(
            "3507327710.2524437411.674156941.3275202688.3577739107.3692417735.1542828932.27631078");
  }

  @Property(tries = 100)
  void hmacResumesFromTheStatesThatWereWritten(
      @ForAll HmacHash hash,
      @ForAll @Size(min = 1, max = 200) byte[] password,
      @ForAll @Size(max = 300) byte[] message)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(JDK_NAMES.get(hash));
    mac.init(new SecretKeySpec(password, mac.getAlgorithm()));
    HmacKey key = HmacKey.parse(hash, HmacKey.of(hash, password).encoded()).orElseThrow();
    assertThat(key.mac(message)).isEqualTo(mac.doFinal(message));
  }

  @Test
  void theDottedFormIsRead() {
    HmacKey key = HmacKey.of(HmacHash.MD5, "foobar".getBytes(UTF_8));
    assertThat(HmacKey.parse(HmacHash.MD5, key.dotted()).orElseThrow().encoded())
        .isEqualTo(key.encoded());
    assertThat(HmacKey.parse(HmacHash.SHA1, key.dotted())).isEmpty();
    assertThat(HmacKey.parse(HmacHash.MD5, "1.2.3.4.5.6.7.4294967296")).isEmpty();
    assertThat(HmacKey.parse(HmacHash.MD5, "1.2.3.4.5.6.7")).isEmpty();
  }
}
