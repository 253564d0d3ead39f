package io.stagepost.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Checks how block lists are written: {@code domain,...,threshold,timeout,name-server}, where all
 * but the first domain can be left out, or in the older order {@code
 * name-server,timeout,threshold,domain,...}.
 */
final class DnsblText {

  private static final Pattern DOMAIN =
      Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern THRESHOLD = Pattern.compile("[0-9]{1,4}");
  private static final Pattern TIMEOUT = Pattern.compile("-?[0-9]{1,8}s?");

  private DnsblText() {}

  /** Whether the items, without empty ones, are a configuration. */
  static boolean isConfig(List<String> items) {
    return isNewer(items) || isOlder(items);
  }

  /** {@code ip}, {@code ip:port} or {@code [ipv6]:port}. */
  static boolean isNameServer(String text) {
    if (ValueText.isAddress(text)) {
      return true;
    }
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !ValueText.isNumber(text.substring(colon + 1), 1, 65_535)) {
      return false;
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return ValueText.isAddress(bracketed ? host.substring(1, host.length() - 1) : host);
  }

  private static boolean isNewer(List<String> items) {
    int domains = 0;
    while (domains < items.size() && isDomain(items.get(domains))) {
      domains++;
    }
    List<String> rest = items.subList(domains, items.size());
    return domains > 0
        && rest.size() <= 3
        && (rest.isEmpty() || THRESHOLD.matcher(rest.get(0)).matches())
        && (rest.size() < 2 || TIMEOUT.matcher(rest.get(1)).matches())
        && (rest.size() < 3 || isNameServer(rest.get(2)));
  }

  private static boolean isOlder(List<String> items) {
    int first = !items.isEmpty() && isNameServer(items.getFirst()) ? 1 : 0;
    return items.size() > first + 2
        && TIMEOUT.matcher(items.get(first)).matches()
        && THRESHOLD.matcher(items.get(first + 1)).matches()
        && items.subList(first + 2, items.size()).stream().allMatch(DnsblText::isDomain);
  }

  private static boolean isDomain(String text) {
    // 5s is a time, and 5 is nothing that a list is called.
    return DOMAIN.matcher(text).matches() && !TIMEOUT.matcher(text).matches();
  }
}
