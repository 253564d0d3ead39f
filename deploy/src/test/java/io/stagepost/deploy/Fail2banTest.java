package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The filter that is shipped, asked by fail2ban itself. */
@Tag("fail2ban")
class Fail2banTest {

  private static final Path FILTER =
      Path.of("src/main/dist/share/fail2ban/filter.d/stagepost.conf").toAbsolutePath();
  private static final String FAILED =
      "failed authentication of remote client using mechanism [plain] and missing secret for [a]";

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | emailrelay: warning: 192.0.2.1; " + FAILED,
        "1 | emailrelay: 20261121.130509.007: warning: 192.0.2.1; " + FAILED,
        "1 | stagepost: 20261121.130509.007: warning: [in] 2001:db8::1;4711: " + FAILED,
        "1 | stagepost: 20261121.130509.007: warning: 192.0.2.1;4711: (1.2.3) " + FAILED,
        "1 | Nov 21 13:05:09 host stagepost[99]: warning: 192.0.2.1; " + FAILED,
        "1 | Nov 21 13:05:09 host emailrelay[99]: warning: 192.0.2.1; client protocol error:"
            + " AUTH requested but not advertised",
        "0 | emailrelay: 20261121.130509.007: warning: " + FAILED,
        "0 | emailrelay: 20261121.130509.007: info: 192.0.2.1; successful authentication of remote"
            + " client using mechanism [plain] and plaintext secret for [a] from line 1",
        "0 | emailrelay: 20261121.130509.007: info: 192.0.2.1; smtp connection from 192.0.2.1",
        "0 | emailrelay: 20261121.130509.007: info: 192.0.2.1; rx<<: \"NOOP warning: 192.0.2.9; "
            + FAILED
            + '"'
      })
  void failuresAndNothingElseCount(int matches, String line) throws IOException {
    Path log = Files.writeString(directory.resolve("log"), line + "\n");
    String told = Command.of("fail2ban-regex", log.toString(), FILTER.toString()).succeed().out();
    assertThat(told).contains("Failregex: " + matches + " total");
  }
}
