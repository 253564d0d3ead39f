package io.stagepost.config;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks how filters and address verifiers are written: the path of a program, or a built-in one as
 * {@code kind:parameters}.
 */
final class SpecText {

  private static final Pattern KIND = Pattern.compile("([a-z][a-z-]*):(.*)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern COPY = Pattern.compile("p|pop|h|hardlink|n|nodelete|no_delete");
  private static final Pattern SPLIT = Pattern.compile("raw|[0-9]{1,5}");
  private static final Pattern MX = Pattern.compile("(nst|rt)=[0-9]{1,5}");
  private static final Pattern ACCOUNT =
      Pattern.compile("[0-9]{1,9}(-[0-9]{1,9})?|lowercase|remote|check|[lrc]{1,3}");

  private static final List<String> FILTERS =
      List.of(
          "file:",
          "net:",
          "spam:",
          "spam-edit:",
          "exit:",
          "sleepms:",
          "copy:",
          "deliver:",
          "split:",
          "mx:",
          "msgid:");
  private static final List<String> VERIFIERS = List.of("file:", "net:", "exit:", "account:");

  private SpecText() {}

  /** Which filter may be meant, as the end of a message. */
  static String nearestFilter(String spec) {
    return nearest(spec, FILTERS);
  }

  static String nearestVerifier(String spec) {
    return nearest(spec, VERIFIERS);
  }

  private static String nearest(String spec, List<String> kinds) {
    var kind = KIND.matcher(spec);
    if (!kind.matches()) {
      return "";
    }
    String written = kind.group(1) + ":";
    return kinds.contains(written)
        ? ": what follows \"" + written + "\" is wrong"
        : Nearest.hint(written, kinds, "");
  }

  /** Whether it is one filter of a chain. */
  static boolean isFilter(String spec) {
    var kind = KIND.matcher(spec);
    if (!kind.matches()) {
      return isProgram(spec);
    }
    String rest = kind.group(2);
    return switch (kind.group(1)) {
      case "file" -> isProgram(rest);
      case "net", "spam", "spam-edit" -> NextHopText.parse(rest).isPresent();
      case "exit", "sleepms" -> NUMBER.matcher(rest).matches();
      case "copy", "deliver" -> parameters(rest).stream().allMatch(p -> COPY.matcher(p).matches());
      case "split" -> parameters(rest).stream().allMatch(p -> SPLIT.matcher(p).matches());
      case "mx" -> parameters(rest).stream().allMatch(SpecText::isMxParameter);
      case "msgid" -> rest.isEmpty();
      default -> false;
    };
  }

  /** Whether it is a verifier; nothing at all accepts everything. */
  static boolean isVerifier(String spec) {
    var kind = KIND.matcher(spec);
    if (!kind.matches()) {
      return spec.isEmpty() || isProgram(spec);
    }
    String rest = kind.group(2);
    return switch (kind.group(1)) {
      case "file" -> isProgram(rest);
      case "net" -> NextHopText.parse(rest).isPresent();
      case "exit" -> NUMBER.matcher(rest).matches();
      case "account" ->
          parameters(rest).stream().allMatch(parameter -> ACCOUNT.matcher(parameter).matches());
      default -> false;
    };
  }

  /** Whether it is what is run before a poll: a program, or renaming what failed. */
  static boolean isPollRun(String spec) {
    var kind = KIND.matcher(spec);
    if (!kind.matches()) {
      return isProgram(spec);
    }
    return switch (kind.group(1)) {
      case "file" -> isProgram(kind.group(2));
      case "retry" -> kind.group(2).isEmpty() || NUMBER.matcher(kind.group(2)).matches();
      default -> false;
    };
  }

  private static boolean isProgram(String path) {
    return !path.isBlank() && path.indexOf('\0') < 0;
  }

  private static List<String> parameters(String text) {
    return Arrays.stream(text.split(";")).filter(parameter -> !parameter.isEmpty()).toList();
  }

  private static boolean isMxParameter(String parameter) {
    return MX.matcher(parameter).matches() || DnsblText.isNameServer(parameter);
  }
}
