package io.stagepost.net;

import java.util.List;
import java.util.stream.Collectors;

/** Several ranges of addresses. */
public record AddressRanges(List<AddressRange> ranges) {

  /** Loopback, link-local and private addresses. */
  public static final AddressRanges LOCAL =
      parse(
          List.of(
              "127.0.0.0/8",
              "169.254.0.0/16",
              "10.0.0.0/8",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "::1/128",
              "fe80::/64",
              "fc00::/7"));

  /** Copies the list. */
  public AddressRanges {
    ranges = List.copyOf(ranges);
  }

  /**
   * Reads addresses and CIDR ranges.
   *
   * @throws IllegalArgumentException when one of them is neither
   */
  public static AddressRanges parse(List<String> texts) {
    return new AddressRanges(texts.stream().map(AddressRange::parse).toList());
  }

  /** Whether an address lies in one of the ranges. */
  public boolean contains(String address) {
    for (AddressRange range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return ranges.stream().map(AddressRange::toString).collect(Collectors.joining(","));
  }
}
