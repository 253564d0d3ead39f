package io.stagepost.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;

/** A secrets file, which may be anything. */
class SecretsFuzzTest {

  @FuzzTest(maxDuration = "4s")
  void whatIsReadIsUsableAndEveryRemarkIsOneLine(byte[] input) {
    SecretsFile file = SecretsParser.parse(new String(input, ISO_8859_1));
    assertThat(Stream.concat(file.problems().stream(), file.warnings().stream()))
        .allSatisfy(remark -> assertThat(remark.text().chars()).noneMatch(Character::isISOControl));
    ServerAccounts accounts = ServerAccounts.of(file);
    for (SecretRecord record : file.server()) {
      assertThat(record.id()).isNotEmpty();
      assertThat(record.told().chars()).noneMatch(Character::isISOControl);
      HmacHash.of(record.type())
          .ifPresent(
              hash ->
                  assertThat(accounts.cram(hash, record.id(), new byte[1], new byte[1]).finding())
                      .isEqualTo(Verdict.Finding.FALSE));
    }
    assertThat(accounts.trusted("not an address")).isEmpty();
  }
}
