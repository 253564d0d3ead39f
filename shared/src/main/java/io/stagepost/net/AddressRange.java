package io.stagepost.net;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A range of IP addresses in CIDR form (RFC 4632), or a single address.
 *
 * <p>An IPv4 address mapped into IPv6 ({@code ::ffff:1.2.3.4}) counts as the IPv4 address.
 */
public final class AddressRange {

  private final String text;
  private final byte[] network;
  private final int prefix;

  private AddressRange(String text, byte[] network, int prefix) {
    this.text = text;
    this.network = network;
    this.prefix = prefix;
  }

  /**
   * Reads {@code address} or {@code address/prefix}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    byte[] network =
        octets(host).orElseThrow(() -> new IllegalArgumentException("not an address: " + text));
    int prefix = slash < 0 ? network.length * 8 : prefix(text, slash, network.length * 8);
    return new AddressRange(text, network, prefix);
  }

  /** Whether an address, written as text, lies in the range; false for what is not an address. */
  public boolean contains(String address) {
    return octets(address).filter(this::contains).isPresent();
  }

  /** How many bits an address must have in common with the network: 32 or 128 for one address. */
  public int prefix() {
    return prefix;
  }

  /** Whether it is written with its first address, with no bits set after the prefix. */
  public boolean isWrittenAsNetwork() {
    for (int bit = prefix; bit < network.length * 8; bit++) {
      if ((network[bit / 8] >> (7 - bit % 8) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  private boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    int whole = prefix / 8;
    if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
      return false;
    }
    int rest = prefix % 8;
    return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
  }

  /** Ranges are equal when they hold the same addresses and are written alike. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddressRange range
        && range.prefix == prefix
        && range.text.equals(text)
        && Arrays.equals(range.network, network);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  private static int prefix(String text, int slash, int most) {
    String digits = text.substring(slash + 1);
    if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(Character::isDigit)) {
      throw new IllegalArgumentException("not a range of addresses: " + text);
    }
    int prefix = Integer.parseInt(digits);
    if (prefix > most) {
      throw new IllegalArgumentException("not a range of addresses: " + text);
    }
    return prefix;
  }

  private static Optional<byte[]> octets(String address) {
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(address);
    if (octets == null) {
      return Optional.empty();
    }
    return Optional.of(isMapped(octets) ? Arrays.copyOfRange(octets, 12, 16) : octets);
  }

  private static boolean isMapped(byte[] octets) {
    if (octets.length != 16 || octets[10] != -1 || octets[11] != -1) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (octets[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
