package io.stagepost.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option of E-MailRelay's reference is taken, or answered by the reason why it isn't. */
class ReferenceOptionsTest {

  private static final String LIST = "/config/options.txt";

  /** A line of the list. */
  record Row(String name, String letter, String value, String unit, String words, String answer) {

    static Row of(String line) {
      String[] cells = line.split(" \\| ");
      return new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]);
    }

    String[] wordsBut(String... before) {
      return Stream.concat(Stream.of(before), Stream.of(words.split(" "))).toArray(String[]::new);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() throws IOException {
    try (InputStream in = ReferenceOptionsTest.class.getResourceAsStream(LIST)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Row::of)
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isInTheTable(Row row) {
    Option option = OptionTable.byName(row.name()).orElseThrow();
    assertThat(option.letter() == 0 ? "-" : String.valueOf(option.letter()))
        .isEqualTo(row.letter());
    assertThat(option.syntax().name().toLowerCase(Locale.ROOT)).isEqualTo(row.value());
    // Each relay may have a format of its own, and those that haven't share that of the first.
    assertThat(option.unit())
        .isEqualTo(row.unit().equals("P") ? Option.Unit.PROCESS : Option.Unit.RELAY);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isTakenOrAnswered(Row row) {
    ConfigResult result = Configured.read(Flavour.DROP_IN, row.wordsBut());
    if (row.name().equals("help") || row.name().equals("version")) {
      assertThat(result).isInstanceOf(ConfigResult.Print.class);
      return;
    }
    List<String> answers =
        Configured.ready(result).warnings().stream()
            .filter(warning -> warning.startsWith("\"--" + row.name() + "\" has no effect: "))
            .toList();
    assertThat(answers).hasSize(row.answer().equals("warned") ? 1 : 0);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void holdsForOneOfSeveralRelays(Row row) {
    if (!row.unit().equals("I") || row.name().equals("spool-dir")) {
      return;
    }
    String[] words = {
      "--in-spool-dir=/in", "--out-spool-dir=/out", "--out-forward-to=h:25", "--log"
    };
    String[] named =
        Stream.concat(Stream.of(words), Stream.of(prefixed(row))).toArray(String[]::new);
    ConfigResult result = Configured.read(Flavour.DROP_IN, named);
    assertThat(result).isInstanceOf(ConfigResult.Ready.class);
  }

  /** The option alone, as an option of the relay called out. */
  private static String[] prefixed(Row row) {
    return switch (row.name()) {
      case "as-client", "as-proxy" -> new String[] {"--in-" + row.name() + "=h:25"};
      case "pop" -> new String[] {"--out-pop", "--out-pop-auth=/f"};
      case "pop-by-name", "pop-no-delete" ->
          new String[] {"--out-pop", "--out-pop-auth=/f", "--out-" + row.name()};
      case "admin-terminate" -> new String[] {"--out-admin=1", "--out-admin-terminate"};
      case "client-auth-config" ->
          new String[] {"--out-client-auth=/f", "--out-" + row.name() + "=m:"};
      case "server-auth-config" ->
          new String[] {"--out-server-auth=/f", "--out-" + row.name() + "=m:"};
      default -> prefixedWith(row);
    };
  }

  private static String[] prefixedWith(Row row) {
    if (row.name().startsWith("server-tls")) {
      String mode = row.name().equals("server-tls-connection") ? row.name() : "server-tls";
      return new String[] {
        "--out-" + mode, "--out-server-tls-certificate=/c", "--out-" + row.name() + value(row, "/c")
      };
    }
    if (row.name().startsWith("client-tls-ver")
        || row.name().startsWith("client-tls-ser")
        || row.name().equals("client-tls-certificate")) {
      return new String[] {
        "--out-client-tls", "--out-client-tls-verify=/c", "--out-" + row.name() + value(row, "/c")
      };
    }
    if (row.name().startsWith("pop-")) {
      return new String[] {
        "--out-pop", "--out-pop-auth=/f", "--out-" + row.name() + value(row, "/f")
      };
    }
    return new String[] {
      "--out-" + row.name() + value(row, row.name().equals("forward-to") ? "h:25" : "/c")
    };
  }

  private static String value(Row row, String path) {
    if (row.value().equals("none") || row.value().equals("optional")) {
      return "";
    }
    Option option = OptionTable.byName(row.name()).orElseThrow();
    return "="
        + Stream.of(path, "/f", "h:25", "127.0.0.1", "9", "a.example")
            .filter(option.rule().accepts())
            .filter(value -> !row.name().equals("dnsbl") || value.equals("a.example"))
            .findFirst()
            .orElseThrow();
  }
}
