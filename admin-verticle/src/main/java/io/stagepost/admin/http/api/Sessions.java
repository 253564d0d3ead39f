package io.stagepost.admin.http.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.stagepost.config.HttpSettings;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Those who have signed in. At most 1,000 at a time, then those not seen for longest have to sign
 * in again; at most 20 of a user, then the oldest. They end with the process.
 */
public final class Sessions {

  private static final int MOST = 1_000;
  private static final int MOST_OF_USER = 20;

  private final HttpSettings.Sessions settings;
  private final Clock clock;
  private final Cache<String, Session> byKey;

  /**
   * Nobody yet.
   *
   * @param ticker for the time without a request
   */
  public Sessions(HttpSettings.Sessions settings, Clock clock, Ticker ticker) {
    this.settings = settings;
    this.clock = clock;
    this.byKey =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterAccess(settings.idle())
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /**
   * A session that begins.
   *
   * @param cookie its secret, known to the browser only
   */
  public record Opened(String cookie, Session session) {}

  /** Begins one, under a name that nobody could have known before. */
  public Opened open(String user) {
    List<Session> others = of(user);
    if (others.size() >= MOST_OF_USER) {
      others.stream().min(Comparator.comparing(Session::expires)).ifPresent(this::close);
    }
    String cookie = Secrets.next();
    Session session =
        new Session(
            Secrets.hash(cookie),
            user,
            Secrets.next(),
            Instant.now(clock).plus(settings.longest()));
    byKey.put(session.key(), session);
    return new Opened(cookie, session);
  }

  /** The one of a cookie, if it still lasts. */
  public Optional<Session> find(String cookie) {
    Optional<Session> session = Optional.ofNullable(byKey.getIfPresent(Secrets.hash(cookie)));
    if (session.isPresent() && !session.get().expires().isAfter(Instant.now(clock))) {
      close(session.get());
      return Optional.empty();
    }
    return session;
  }

  /** Those of a user. */
  public List<Session> of(String user) {
    Instant now = Instant.now(clock);
    return byKey.asMap().values().stream()
        .filter(session -> session.user().equals(user) && session.expires().isAfter(now))
        .toList();
  }

  /** Ends one. */
  public void close(Session session) {
    byKey.invalidate(session.key());
  }

  /** Ends those of a user. */
  public void closeAll(String user) {
    of(user).forEach(this::close);
  }
}
