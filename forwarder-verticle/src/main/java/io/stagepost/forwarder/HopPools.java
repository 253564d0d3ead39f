package io.stagepost.forwarder;

import io.stagepost.forwarder.Route.Origin;
import io.stagepost.spool.Claim;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages over several connections to each of several next hops at once.
 *
 * <p>Bounds: for the default next hop two messages are claimed ahead for each connection, and no
 * more are looked at before there is room. For next hops of the messages' own there are {@link
 * #MOST_HOPS} at once with {@link #MOST_WAITING_EACH} waiting for each, and {@link #MOST_OTHERS}
 * messages in all; a message beyond the first two bounds is put back for half a minute.
 */
final class HopPools implements Delivery {

  private static final int MOST_HOPS = 100;
  private static final int MOST_OTHERS = 300;
  private static final int MOST_WAITING_EACH = 50;
  private static final Duration LATER = Duration.ofSeconds(30);

  private final Services services;
  private final Map<Destination, HopPool> pools = new LinkedHashMap<>();
  private int underWayDefault;
  private int underWayOthers;
  private boolean stopping;

  HopPools(Services services) {
    this.services = services;
  }

  @Override
  public int room() {
    int mostDefault = 3 * services.sessions().settings().connections();
    return Math.min(mostDefault - underWayDefault, MOST_OTHERS - underWayOthers);
  }

  @Override
  public void begin(Urgency urgency) {
    if (urgency == Urgency.AT_ONCE) {
      services.health().tryAll();
    }
  }

  @Override
  public Future<Progress> deliver(Claim claim, Route route) {
    count(route.origin(), 1);
    return attempt(claim, route).onComplete(p -> count(route.origin(), -1));
  }

  @Override
  public Future<Void> rest() {
    return Future.join(pools.values().stream().map(HopPool::rest).toList()).mapEmpty();
  }

  @Override
  public Future<Void> stop() {
    stopping = true;
    List<Future<Void>> stops = pools.values().stream().map(HopPool::stop).toList();
    return Future.join(stops).mapEmpty();
  }

  @Override
  public void abandon() {
    stopping = true;
    pools.values().forEach(HopPool::abandon);
  }

  private Future<Progress> attempt(Claim claim, Route route) {
    Duration pause = services.health().pause(route.to());
    if (stopping || !pause.isZero()) {
      return putBack(claim, pause, "next hop in trouble");
    }
    return Parcel.open(claim).compose(parcel -> submit(parcel, route), e -> unreadable(claim, e));
  }

  private Future<Progress> submit(Parcel parcel, Route route) {
    HopPool pool = stopping ? null : pool(route.to());
    if (pool == null || (route.origin() == Origin.MESSAGE && pool.waiting() >= MOST_WAITING_EACH)) {
      parcel.close();
      return putBack(parcel.claim(), stopping ? Duration.ZERO : LATER, "next hop is busy");
    }
    return services.sessions().purpose(route.to()).compose(p -> pool.submit(parcel, route, p));
  }

  private Future<Progress> unreadable(Claim claim, Throwable e) {
    Verdict verdict = new Verdict.Unreadable(e);
    return services.recorder().record(claim, verdict, Attempt.NONE).map(Progress.DONE);
  }

  private Future<Progress> putBack(Claim claim, Duration pause, String reason) {
    return services
        .recorder()
        .putBack(claim, pause, reason, Attempt.NONE)
        .map(new Progress.PutBack(pause));
  }

  private @Nullable HopPool pool(Destination to) {
    HopPool pool = pools.get(to);
    if (pool == null && (pools.size() < MOST_HOPS || evict())) {
      pool = new HopPool(to, services);
      pools.put(to, pool);
    }
    return pool;
  }

  private boolean evict() {
    for (HopPool pool : List.copyOf(pools.values())) {
      if (pool.isUnused()) {
        pools.remove(pool.to());
        pool.stop();
        return true;
      }
    }
    return false;
  }

  private void count(Origin origin, int change) {
    if (origin == Origin.DEFAULT) {
      underWayDefault += change;
    } else {
      underWayOthers += change;
    }
  }
}
