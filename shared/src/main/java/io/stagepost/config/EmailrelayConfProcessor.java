package io.stagepost.config;

import io.vertx.config.spi.ConfigProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * Splits a file in the style of {@code emailrelay.conf} into its lines: the name of an option
 * without dashes, then blanks or {@code =}, then its value up to the end of the line.
 *
 * <p>One that is in the syntax of OpenWrt is left to {@link UciProcessor}'s reader.
 */
public final class EmailrelayConfProcessor implements ConfigProcessor {

  /** The name of the format. */
  public static final String FORMAT = "emailrelay";

  @Override
  public String name() {
    return FORMAT;
  }

  @Override
  public Future<JsonObject> process(Vertx vertx, JsonObject configuration, Buffer input) {
    String path = configuration.getString("path", "");
    String text = input.toString(StandardCharsets.UTF_8);
    return Future.succeededFuture(
        UciText.looksLike(text) ? UciOptions.entries(path, text) : split(path, text));
  }

  static JsonObject split(String path, String text) {
    if (text.indexOf('\0') >= 0) {
      return new JsonObject()
          .put(ConfigFile.ERROR, "invalid character in configuration file: " + path);
    }
    JsonArray entries = new JsonArray();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String bare = line.strip();
      if (!bare.isEmpty() && !bare.startsWith("#")) {
        entries.add(entry(bare).put(ConfigFile.FILE, path).put(ConfigFile.LINE, number));
      }
    }
    return new JsonObject().put(ConfigFile.ENTRIES, entries);
  }

  private static JsonObject entry(String line) {
    int end = 0;
    while (end < line.length() && !isSeparator(line.charAt(end))) {
      end++;
    }
    int start = end;
    while (start < line.length() && isSeparator(line.charAt(start))) {
      start++;
    }
    JsonObject entry = new JsonObject().put(ConfigFile.NAME, line.substring(0, end));
    return start == line.length() && line.indexOf('=', end) < 0
        ? entry
        : entry.put(ConfigFile.VALUE, unquoted(line.substring(start)));
  }

  private static boolean isSeparator(char c) {
    return c == ' ' || c == '\t' || c == '=';
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
