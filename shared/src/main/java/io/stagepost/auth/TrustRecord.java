package io.stagepost.auth;

import io.stagepost.net.AddressRange;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses that are trusted.
 *
 * @param pattern as it was written
 */
record TrustRecord(String pattern, AddressRange range, String keyword, int line) {

  private static final Pattern WILDCARDS =
      Pattern.compile("((?:\\d{1,3}\\.){0,3})(\\*(?:\\.\\*)*)");

  /** Reads an address, {@code a.b.c.*} with one to four stars, or a CIDR range. */
  static Optional<AddressRange> range(String pattern) {
    Matcher stars = WILDCARDS.matcher(pattern);
    try {
      if (!stars.matches()) {
        return Optional.of(AddressRange.parse(pattern));
      }
      int fixed = (int) stars.group(1).chars().filter(c -> c == '.').count();
      int free = (stars.group(2).length() + 1) / 2;
      return fixed + free == 4
          ? Optional.of(
              AddressRange.parse(stars.group(1) + "0.".repeat(free - 1) + "0/" + 8 * fixed))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The closest of the patterns that match; the first of equally close ones. */
  static Optional<Trusted> find(List<TrustRecord> trusts, String address) {
    return trusts.stream()
        .filter(trust -> trust.range.contains(address))
        .max(
            Comparator.<TrustRecord>comparingInt(trust -> trust.range.prefix())
                .thenComparing(TrustRecord::line, Comparator.reverseOrder()))
        .map(trust -> new Trusted(address, trust.pattern, trust.keyword, trust.line));
  }
}
