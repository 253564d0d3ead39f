package io.stagepost.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import io.stagepost.telemetry.LogText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says where a file is no HOCON, what is wrong there, and what would be right.
 *
 * <p>The parser's own texts speak of its tokens, and often of the line after.
 */
final class HoconProblem {

  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*([\\w.-]+)\\s*[=:]\\s*([^\"{}\\[\\]#]+?)\\s*,?\\s*");
  private static final Pattern KEY = Pattern.compile("Key '([^']*)' may not be followed by");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\??([^}]*)}");
  private static final Pattern RESERVED = Pattern.compile("got(?: wrong token:)? '([^'])'");

  private static final Pattern NO_VALUE =
      Pattern.compile(
          "Expecting a value but got wrong token: (end of file|'[},\\]]'|'newline' [^(]*$)");

  private final String path;
  private final List<String> lines;
  private final String message;
  private final int line;

  private HoconProblem(String path, List<String> lines, String message, int line) {
    this.path = path;
    this.lines = lines;
    this.message = message;
    this.line = line;
  }

  /**
   * One line about what the parser found.
   *
   * @param path the outermost file
   * @param text what is in it
   */
  static String of(ConfigException found, String path, String text) {
    ConfigOrigin origin = found.origin();
    String name = origin == null || origin.filename() == null ? path : origin.filename();
    int line = origin == null ? 0 : Math.max(0, origin.lineNumber());
    String message = String.valueOf(found.getMessage());
    if (found instanceof ConfigException.IO) {
      return "error reading configuration file: cannot read " + LogText.escape(firstLine(message));
    }
    String content = name.equals(path) ? text : read(name);
    return new HoconProblem(name, content.lines().toList(), message, line).told();
  }

  private String told() {
    if (message.contains("end of file") && !message.contains("wrong token")) {
      HoconBraces braces = HoconBraces.of(lines);
      if (braces.unclosed() > 0) {
        return at(
            braces.unclosed(),
            "what begins here never ends: a " + braces.missing() + " is missing after it");
      }
    }
    Matcher key = KEY.matcher(message);
    if (key.find()) {
      return withoutValue(key.group(1));
    }
    if (message.contains("unbalanced close brace") || message.contains("got ']'")) {
      String closing = message.contains("got ']'") ? "]" : "}";
      String opening = closing.equals("]") ? "[" : "{";
      return at(line, "there is no " + opening + " that this " + closing + " would end");
    }
    if (message.contains("Could not resolve substitution")) {
      return unresolved();
    }
    if (NO_VALUE.matcher(message).find()) {
      return at(lineBefore(line, text -> text.matches(".*[=:]\\s*")), "a value is missing");
    }
    if (message.contains("include")) {
      return at(line, "a file to include is named between quotes: include \"other.conf\"");
    }
    return at(line, inLine());
  }

  private String inLine() {
    if (message.contains("backslash followed by")) {
      return "a backslash between quotes is written twice: \\\\";
    }
    if (message.contains("newline") && message.contains("quoted strings")) {
      return "the text that begins with \" never ends: another \" is missing";
    }
    if (message.contains("triple-quoted")) {
      return "the text that begins with \"\"\" never ends";
    }
    if (message.contains("was not closed with a }")) {
      return "a } is missing after ${";
    }
    if (message.contains("List should have ended")) {
      return "a ] is missing at the end of a list, or a comma between two of its items";
    }
    if (message.contains("adjacent period")) {
      return "a name has a dot too many";
    }
    if (message.contains("rather than object at file root")) {
      return "settings are needed here, as in: limits.size = 10M";
    }
    Matcher character = RESERVED.matcher(message);
    String what =
        character.find() ? LogText.quote(character.group(1)) + " cannot stand here" : "not HOCON";
    return what + quoted();
  }

  /** The line as it would be right with quotes. */
  private String quoted() {
    Matcher assignment = ASSIGNMENT.matcher(textOf(line));
    return assignment.matches()
        ? ": with quotes it can: "
            + LogText.escape(assignment.group(1) + " = \"" + shown(assignment.group(2)) + '"')
        : ": what has other characters than letters, digits, / . _ and - goes between quotes";
  }

  /** It may be an account or a proxy with a password, however its name is spelled. */
  private static String shown(String value) {
    return value.contains(":") ? AuthText.masked(ProxyText.masked(value)) : value;
  }

  private String withoutValue(String key) {
    String bare = key.strip();
    int where = lineBefore(line, text -> text.contains(bare));
    String[] words = bare.split("\\s+", 2);
    return at(
        where,
        LogText.quote(bare)
            + " has no value: "
            + LogText.escape(words[0] + " = " + (words.length > 1 ? words[1] : "...")));
  }

  private String unresolved() {
    Matcher variable = VARIABLE.matcher(message);
    String name = variable.find() ? variable.group(1) : "";
    return message.contains("cycle")
        ? at(line, "${" + LogText.escape(name) + "} leads back to itself")
        : at(
            line,
            "nothing is called "
                + LogText.quote(name)
                + ": it can be set anywhere in the file, or in the environment; ${?"
                + LogText.escape(name)
                + "} would do without");
  }

  private String at(int number, String what) {
    return (number > 0 ? path + ", line " + number : path) + ": " + what;
  }

  /** The last line up to that one for which something holds, or that one itself. */
  private int lineBefore(int number, Predicate<String> wanted) {
    for (int i = number; i > 0; i--) {
      if (wanted.test(textOf(i))) {
        return i;
      }
    }
    return number;
  }

  private String textOf(int number) {
    return number > 0 && number <= lines.size() ? lines.get(number - 1) : "";
  }

  private static String firstLine(String text) {
    return text.split("\n", 2)[0];
  }

  private static String read(String included) {
    try {
      return Files.readString(Path.of(included), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
