package io.stagepost.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers who has failed, and says what is to be done about it.
 *
 * <p>Failures count for an address; IPv6 addresses of one /64 network are one. A user who fails at
 * many addresses is let in only from those where it has been let in before, so that guessing can't
 * lock it out of its own machine. Successes forgive nothing: else an account of one's own would do
 * for guessing at others.
 *
 * <p>Each table has a bound; beyond it, what is least used is forgotten first.
 */
final class Throttle {

  private static final int MOST_ENTRIES = 10_000;
  private static final int LONGEST_USER = 128;
  private static final Duration FAMILIAR = Duration.ofDays(30);

  private final ThrottleOptions options;
  private final Cache<String, Integer> failures;
  private final Cache<String, Set<String>> places;
  private final Cache<String, Boolean> bannedNetworks;
  private final Cache<String, Boolean> bannedUsers;
  private final Cache<String, Boolean> familiar;

  Throttle(ThrottleOptions options, Ticker ticker) {
    this.options = options;
    this.failures = remembering(options.ban(), ticker);
    this.places = remembering(options.ban(), ticker);
    this.bannedNetworks = remembering(options.ban(), ticker);
    this.bannedUsers = remembering(options.ban(), ticker);
    this.familiar = remembering(FAMILIAR, ticker);
  }

  /**
   * What follows from a failure.
   *
   * @param delay before the answer
   */
  record Consequence(Duration delay, Ban address, Ban user) {}

  /** Whether a ban begins. */
  enum Ban {
    NONE,
    BEGINS
  }

  /** Whether nobody at the address is let in. */
  boolean isBanned(String address) {
    return options.banAfter() > 0 && bannedNetworks.getIfPresent(network(address)) != null;
  }

  /** Whether a user is let in at familiar addresses only, of which this is none. */
  boolean isUnwelcome(String address, String user) {
    return options.usersBanAfter() > 0
        && bannedUsers.getIfPresent(folded(user)) != null
        && familiar.getIfPresent(pair(address, user)) == null
        && !isExempt(address);
  }

  void succeeded(String address, String user) {
    if (options.usersBanAfter() > 0) {
      familiar.put(pair(address, user), true);
    }
  }

  Consequence failed(String address, String user) {
    boolean isExempt = isExempt(address);
    String who = isExempt ? pair(address, user) : network(address);
    int count = failures.asMap().merge(who, 1, Integer::sum);
    boolean bansAddress = !isExempt && options.banAfter() > 0 && count == options.banAfter();
    if (bansAddress) {
      bannedNetworks.put(network(address), true);
      failures.invalidate(who);
    }
    return new Consequence(
        delay(count),
        bansAddress ? Ban.BEGINS : Ban.NONE,
        isExempt ? Ban.NONE : atUser(address, user));
  }

  /** How many addresses and users are remembered for their failures. */
  long entries() {
    failures.cleanUp();
    places.cleanUp();
    return failures.estimatedSize() + places.estimatedSize();
  }

  private Ban atUser(String address, String user) {
    if (options.usersBanAfter() == 0 || user.isEmpty()) {
      return Ban.NONE;
    }
    String key = folded(user);
    Set<String> where = places.get(key, name -> ConcurrentHashMap.newKeySet());
    if (!where.add(network(address)) || where.size() < options.usersBanAfter()) {
      return Ban.NONE;
    }
    places.invalidate(key);
    return bannedUsers.asMap().put(key, true) == null ? Ban.BEGINS : Ban.NONE;
  }

  private Duration delay(int count) {
    if (count < 2 || options.delay().isZero()) {
      return Duration.ZERO;
    }
    Duration grown = options.delay().multipliedBy(1L << Math.min(count - 2, 20));
    return grown.compareTo(options.longestDelay()) < 0 ? grown : options.longestDelay();
  }

  private boolean isExempt(String address) {
    return options.exempt().contains(address);
  }

  private static String pair(String address, String user) {
    return network(address) + " " + folded(user);
  }

  private static String folded(String user) {
    return user.length() > LONGEST_USER ? user.substring(0, LONGEST_USER) : user;
  }

  // One machine may use all addresses of its /64 (RFC 4291 §2.5.4).
  private static String network(String address) {
    byte[] octets = NetUtil.createByteArrayFromIpAddressString(address);
    return octets == null || octets.length != 16 ? address : HexFormat.of().formatHex(octets, 0, 8);
  }

  private static <V> Cache<String, V> remembering(Duration time, Ticker ticker) {
    return Caffeine.newBuilder()
        .maximumSize(MOST_ENTRIES)
        .expireAfterWrite(time)
        .ticker(ticker)
        .executor(Runnable::run)
        .build();
  }
}
