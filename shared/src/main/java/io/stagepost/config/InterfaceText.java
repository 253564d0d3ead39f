package io.stagepost.config;

import io.stagepost.net.HostLookup.Family;
import io.stagepost.net.ListenAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads where to listen: an address, the absolute path of a socket, the name of a network interface
 * that may end with {@code -ipv4} or {@code -ipv6}, or {@code fd#3} for a descriptor; each may
 * begin with {@code smtp=}, {@code pop=} or {@code admin=} to hold for that protocol only.
 */
final class InterfaceText {

  private static final Pattern ITEM = Pattern.compile("(?:(smtp|pop|admin)=)?(.+)");
  private static final Pattern DESCRIPTOR = Pattern.compile("fd#([0-9]{1,4})");
  private static final Pattern NAME =
      Pattern.compile("((?=.*[A-Za-z])[A-Za-z0-9_.:@-]{1,40}?)(?:-(ipv[46]))?");

  private InterfaceText() {}

  static boolean isItem(String text) {
    Matcher item = ITEM.matcher(text);
    return item.matches() && address(item.group(2), 0).isPresent();
  }

  /** Where a protocol is to listen; nothing when no item says so. */
  static List<ListenAddress> of(String protocol, List<String> items, int port) {
    return items.stream()
        .map(ITEM::matcher)
        .filter(Matcher::matches)
        .filter(item -> item.group(1) == null || item.group(1).equals(protocol))
        .map(item -> address(item.group(2), port))
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  private static Optional<ListenAddress> address(String text, int port) {
    if (ValueText.isAddress(text)) {
      return Optional.of(new ListenAddress.Inet(text, port));
    }
    if (text.startsWith("/")) {
      return text.indexOf('\0') < 0 && text.length() > 1
          ? Optional.of(new ListenAddress.UnixSocket(text))
          : Optional.empty();
    }
    Matcher descriptor = DESCRIPTOR.matcher(text);
    if (descriptor.matches()) {
      return Optional.of(new ListenAddress.Descriptor(Integer.parseInt(descriptor.group(1))));
    }
    Matcher name = NAME.matcher(text);
    return name.matches()
        ? Optional.of(new ListenAddress.Interface(name.group(1), family(name.group(2)), port))
        : Optional.empty();
  }

  private static Family family(@Nullable String suffix) {
    return switch (String.valueOf(suffix)) {
      case "ipv4" -> Family.IPV4;
      case "ipv6" -> Family.IPV6;
      default -> Family.ANY;
    };
  }
}
