package io.stagepost.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Our name and version, and the texts of {@code --version}. */
public final class ProductVersion {

  /** As of the build. */
  public static final String NUMBER = read();

  /** How the relay names itself to others. */
  public static final String GREETING = "Stagepost V" + NUMBER;

  // The version of E-MailRelay that scripts may take us for.
  private static final String ORIGINAL = "E-MailRelay V2.6";

  // Packaging scripts look for these lines; each says what this version can do.
  private static final List<String> FEATURES =
      List.of(
          "Multi-threading: enabled",
          "Unix domain sockets: enabled",
          "POP server: enabled",
          "Admin server: enabled",
          "TLS library: JSSE of Java " + Runtime.version().feature());

  private ProductVersion() {}

  /** The text of {@code --version}. */
  static String text(Flavour flavour, TextLength length) {
    StringBuilder text = new StringBuilder();
    if (flavour == Flavour.DROP_IN) {
      text.append(ORIGINAL).append('\n');
    }
    text.append(GREETING).append('\n');
    if (length == TextLength.LONG) {
      FEATURES.forEach(line -> text.append(line).append('\n'));
      text.append("Java: ").append(Runtime.version()).append('\n');
    }
    return text.toString();
  }

  private static String read() {
    try (InputStream in = ProductVersion.class.getResourceAsStream("version.txt")) {
      if (in == null) {
        throw new IllegalStateException("version.txt is missing from the build");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
