package io.stagepost.config;

import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads numbers, periods, sizes, addresses and lists. */
final class ValueText {

  /**
   * The longest period: what is longer, and what has no limit, is taken as this, because it is what
   * timers that count milliseconds in an int can hold.
   */
  static final Duration LONGEST = Duration.ofDays(24);

  // Long enough for every number that makes sense, short enough never to overflow a long.
  private static final int MAXIMUM_DIGITS = 15;

  private ValueText() {}

  static boolean isNumber(String text, long least, long most) {
    return isDigits(text) && Long.parseLong(text) >= least && Long.parseLong(text) <= most;
  }

  static boolean isPeriod(String text) {
    return isDigits(unitIn(text, "smhd") == 0 ? text : beforeUnit(text));
  }

  /** Reads what {@link #isPeriod} accepts. */
  static Duration period(String text) {
    char unit = unitIn(text, "smhd");
    long number = Long.parseLong(unit == 0 ? text : beforeUnit(text));
    long seconds =
        switch (unit) {
          case 'm' -> number * 60;
          case 'h' -> number * 3600;
          case 'd' -> number * 86_400;
          default -> number;
        };
    return seconds > LONGEST.toSeconds() ? LONGEST : Duration.ofSeconds(seconds);
  }

  static boolean isSize(String text) {
    String bare = withoutByte(text);
    return isDigits(unitIn(bare, "kmg") == 0 ? bare : beforeUnit(bare));
  }

  /** Reads what {@link #isSize} accepts, in powers of 1024. */
  static long size(String text) {
    String bare = withoutByte(text);
    char unit = unitIn(bare, "kmg");
    long number = Long.parseLong(unit == 0 ? bare : beforeUnit(bare));
    long factor =
        switch (unit) {
          case 'k' -> 1L << 10;
          case 'm' -> 1L << 20;
          case 'g' -> 1L << 30;
          default -> 1;
        };
    return number > Long.MAX_VALUE / factor ? Long.MAX_VALUE : number * factor;
  }

  static boolean isAddress(String text) {
    return NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text);
  }

  /** An address, or an address with the length of a prefix. */
  static boolean isAddressRange(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return isAddress(text);
    }
    String address = text.substring(0, slash);
    int bits = address.indexOf(':') >= 0 ? 128 : 32;
    return isAddress(address) && isNumber(text.substring(slash + 1), 0, bits);
  }

  /** The parts between commas, without blanks around them and without empty ones. */
  static List<String> items(String list) {
    List<String> items = new ArrayList<>();
    for (String item : list.split(",")) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    return items;
  }

  private static boolean isDigits(String text) {
    if (text.isEmpty() || text.length() > MAXIMUM_DIGITS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** The last letter, in lower case, when it is one of those; otherwise 0. */
  private static char unitIn(String text, String units) {
    if (text.isEmpty()) {
      return 0;
    }
    char last = Character.toLowerCase(text.charAt(text.length() - 1));
    return units.indexOf(last) >= 0 ? last : 0;
  }

  private static String beforeUnit(String text) {
    return text.substring(0, text.length() - 1).stripTrailing();
  }

  /** {@code 50MB} and {@code 50 MiB} are also written {@code 50M}. */
  private static String withoutByte(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String suffix : List.of("ib", "b")) {
      if (lower.endsWith(suffix)) {
        return text.substring(0, text.length() - suffix.length()).stripTrailing();
      }
    }
    return text;
  }
}
