package io.stagepost.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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

  private final Cache<String, Failures> failures;
  private final Cache<String, Places> places;
  private final Cache<String, Duration> bannedNetworks;
  private final Cache<String, Duration> bannedUsers;
  private final Cache<String, Duration> familiar;

  Throttle(Ticker ticker) {
    this.failures = remembering(Failures::kept, ticker);
    this.places = remembering(Places::kept, ticker);
    this.bannedNetworks = remembering(kept -> kept, ticker);
    this.bannedUsers = remembering(kept -> kept, ticker);
    this.familiar = remembering(kept -> kept, ticker);
  }

  private record Failures(int count, Duration kept) {

    private Failures and(Failures more) {
      return new Failures(count + more.count, more.kept);
    }
  }

  private record Places(Set<String> networks, Duration kept) {}

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
  boolean isBanned(String address, ThrottleOptions options) {
    return options.banAfter() > 0
        && bannedNetworks.getIfPresent(network(address)) != null
        && !options.exempt().contains(address);
  }

  /** Whether a user is let in at familiar addresses only, of which this is none. */
  boolean isUnwelcome(String address, String user, ThrottleOptions options) {
    return options.usersBanAfter() > 0
        && bannedUsers.getIfPresent(folded(user)) != null
        && familiar.getIfPresent(pair(address, user)) == null
        && !options.exempt().contains(address);
  }

  void succeeded(String address, String user, ThrottleOptions options) {
    if (options.usersBanAfter() > 0) {
      familiar.put(pair(address, user), FAMILIAR);
    }
  }

  Consequence failed(String address, String user, ThrottleOptions options) {
    boolean isExempt = options.exempt().contains(address);
    String who = isExempt ? pair(address, user) : network(address);
    Failures one = new Failures(1, options.ban());
    int count = failures.asMap().merge(who, one, Failures::and).count;
    Ban ban = Ban.NONE;
    if (!isExempt && options.banAfter() > 0 && count >= options.banAfter()) {
      failures.invalidate(who);
      ban = begun(bannedNetworks.asMap().put(network(address), options.ban()));
    }
    return new Consequence(
        delay(count, options), ban, isExempt ? Ban.NONE : atUser(address, user, options));
  }

  /** How many addresses and users are remembered for their failures. */
  long entries() {
    failures.cleanUp();
    places.cleanUp();
    return failures.estimatedSize() + places.estimatedSize();
  }

  private Ban atUser(String address, String user, ThrottleOptions options) {
    if (options.usersBanAfter() == 0 || user.isEmpty()) {
      return Ban.NONE;
    }
    String key = folded(user);
    Set<String> where =
        places.get(key, name -> new Places(ConcurrentHashMap.newKeySet(), options.ban())).networks;
    if (!where.add(network(address)) || where.size() < options.usersBanAfter()) {
      return Ban.NONE;
    }
    places.invalidate(key);
    return begun(bannedUsers.asMap().put(key, options.ban()));
  }

  private static Ban begun(@Nullable Duration before) {
    return before == null ? Ban.BEGINS : Ban.NONE;
  }

  private static Duration delay(int count, ThrottleOptions options) {
    if (count < 2 || options.delay().isZero()) {
      return Duration.ZERO;
    }
    Duration grown = options.delay().multipliedBy(1L << Math.min(count - 2, 20));
    return grown.compareTo(options.longestDelay()) < 0 ? grown : options.longestDelay();
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

  private static <V> Cache<String, V> remembering(Function<V, Duration> kept, Ticker ticker) {
    return Caffeine.newBuilder()
        .maximumSize(MOST_ENTRIES)
        .expireAfter(Expiry.<String, V>writing((key, value) -> kept.apply(value)))
        .ticker(ticker)
        .executor(Runnable::run)
        .build();
  }
}
