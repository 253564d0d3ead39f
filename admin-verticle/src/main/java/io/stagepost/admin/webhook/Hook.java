package io.stagepost.admin.webhook;

import io.stagepost.admin.webhook.Delivery.State;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Delivers to one receiver, a few requests at once. What is not taken is kept in files and sent
 * again; when there is too much of that, no further events are read. On one context.
 */
final class Hook {

  /** The most deliveries that wait to be sent again. */
  static final int MOST_PENDING = 1_000;

  /** The most deliveries that are kept though they are given up. */
  static final int MOST_DEAD = 1_000;

  private static final int MOST_LOGGED = 200;
  private static final int AT_ONCE = 4;
  // Failures in a row after which the receiver is taken to be down.
  private static final int DOWN = 5;

  private final Vertx vertx;
  private final Parts parts;
  private final DeliveryStore store;
  private final Permits permits = new Permits(AT_ONCE);
  private final Random random = new Random();
  private final Map<String, Delivery> kept = new LinkedHashMap<>();
  private final Set<String> underWay = new HashSet<>();
  private final Deque<Delivery> delivered = new ArrayDeque<>();
  private Webhook webhook;
  private Runnable onRoom = () -> {};
  private int failures;
  private long dropped;
  private long timer = -1;
  private boolean stopped;

  /**
   * What all hooks share.
   *
   * @param gone is told of a hook whose receiver wants nothing any more
   */
  record Parts(Sender sender, BackOff backOff, Clock clock, RelayLog log, Consumer<Webhook> gone) {}

  Hook(Vertx vertx, Parts parts, DeliveryStore store, Webhook webhook) {
    this.vertx = vertx;
    this.parts = parts;
    this.store = store;
    this.webhook = webhook;
  }

  /** Takes up what was left. */
  Future<Void> open() {
    return store
        .all()
        .map(
            all -> {
              all.stream()
                  .sorted(Comparator.comparing(Delivery::created))
                  .forEach(each -> kept.put(each.id(), each));
              schedule();
              return null;
            });
  }

  Webhook webhook() {
    return webhook;
  }

  /** Goes on with other settings. */
  void change(Webhook other) {
    webhook = other;
    schedule();
    onRoom.run();
  }

  /** Has something done whenever there is room for further deliveries. */
  void onRoom(Runnable then) {
    onRoom = then;
  }

  /** Whether so many further ones may be delivered. */
  boolean hasRoom(int further) {
    return !stopped
        && webhook.isEnabled()
        && count(State.PENDING) + underWay.size() + further <= MOST_PENDING;
  }

  /** How many there are in a state that is kept. */
  long count(State state) {
    return kept.values().stream().filter(each -> each.state() == state).count();
  }

  /** How many dead ones made room for others. */
  long dropped() {
    return dropped;
  }

  /** All that is known, the newest first. */
  List<Delivery> deliveries() {
    List<Delivery> all = new ArrayList<>(kept.values());
    all.addAll(delivered);
    all.sort(Comparator.comparing(Delivery::created).thenComparing(Delivery::id).reversed());
    return all;
  }

  Optional<Delivery> find(String id) {
    return deliveries().stream().filter(each -> each.id().equals(id)).findFirst();
  }

  Future<String> body(String id) {
    return store.body(id);
  }

  /**
   * Sends them; completes when each has been taken or is kept for later. Fails when one could be
   * neither.
   */
  Future<Void> deliver(String relay, Collection<Payload> payloads) {
    List<Future<Void>> all = new ArrayList<>();
    for (Payload payload : payloads) {
      // After a kill some come for the second time.
      if (!kept.containsKey(payload.id()) && underWay.add(payload.id())) {
        Delivery delivery =
            Delivery.of(
                payload.id(), relay, payload.type(), payload.events(), Instant.now(parts.clock()));
        all.add(
            permits
                .run(() -> attempt(delivery, payload.body()))
                .onComplete(
                    done -> {
                      underWay.remove(payload.id());
                      schedule();
                    })
                .mapEmpty());
      }
    }
    return Future.join(all).mapEmpty();
  }

  /** Sends one request that is never repeated. */
  Future<Delivery> test() {
    Instant now = Instant.now(parts.clock());
    Payload payload = Payload.test(webhook.id(), now);
    Delivery delivery = Delivery.of(payload.id(), "", payload.type(), payload.events(), now);
    return parts
        .sender()
        .send(webhook, payload.id(), payload.body())
        .map(
            outcome -> {
              Delivery done =
                  outcome.isSuccess() ? delivery.delivered(outcome) : delivery.dead(outcome);
              log(done);
              return done;
            });
  }

  /** Sends one again now, and once more for the whole time if need be. */
  Future<Delivery> replay(Delivery delivery) {
    Delivery again = delivery.revived(Instant.now(parts.clock()));
    return store
        .body(delivery.id())
        .compose(body -> store.put(again, body))
        .map(
            v -> {
              kept.put(again.id(), again);
              schedule();
              return again;
            });
  }

  /** Sends all dead ones again, as far as there is room; tells how many. */
  Future<Integer> replayDead() {
    List<Delivery> dead =
        kept.values().stream()
            .filter(each -> each.state() == State.DEAD)
            .limit(Math.max(0, MOST_PENDING - count(State.PENDING)))
            .toList();
    Future<Void> done = Future.succeededFuture();
    for (Delivery each : dead) {
      done = done.compose(v -> replay(each).mapEmpty());
    }
    return done.map(dead.size());
  }

  /** Ends; what is under way may still come to its end at the receiver. */
  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  /** Removes what is kept. */
  Future<Void> forget() {
    stop();
    return store.clear();
  }

  private Future<Delivery> attempt(Delivery delivery, String body) {
    if (stopped || !webhook.isEnabled()) {
      return keep(delivery.due(Instant.now(parts.clock())), body);
    }
    return parts
        .sender()
        .send(webhook, delivery.id(), body)
        .compose(outcome -> concluded(delivery, body, outcome));
  }

  private Future<Delivery> concluded(Delivery delivery, String body, Outcome outcome) {
    if (outcome.isSuccess()) {
      return taken(delivery.delivered(outcome));
    }
    failures++;
    if (outcome.isGone() && webhook.isEnabled()) {
      parts.gone().accept(webhook);
    }
    Instant now = Instant.now(parts.clock());
    if (!delivery.created().plus(parts.backOff().longest()).isAfter(now)) {
      parts
          .log()
          .warn("webhook " + webhook.id() + ": " + delivery.id() + " given up: " + why(outcome));
      return keep(delivery.dead(outcome), body).compose(this::bounded);
    }
    Duration wait = parts.backOff().after(delivery.attempts() + 1, random);
    if (outcome.retryAfter().isPresent() && outcome.retryAfter().get().compareTo(wait) > 0) {
      wait = outcome.retryAfter().get();
    }
    return keep(delivery.again(now.plus(wait), outcome), body);
  }

  private static String why(Outcome outcome) {
    return outcome.error().isEmpty()
        ? "status " + outcome.status()
        : LogText.escape(outcome.error());
  }

  private Future<Delivery> taken(Delivery delivery) {
    boolean wasDown = failures >= DOWN;
    failures = 0;
    log(delivery);
    boolean wasKept = kept.remove(delivery.id()) != null;
    if (wasDown) {
      bringForward();
    }
    Future<Void> removed = wasKept ? store.remove(delivery.id()) : Future.succeededFuture();
    onRoom.run();
    return removed.otherwiseEmpty().map(delivery);
  }

  // It takes them again: what waits need not wait for hours.
  private void bringForward() {
    Instant now = Instant.now(parts.clock());
    kept.replaceAll(
        (id, each) ->
            each.state() == State.PENDING && !underWay.contains(id) ? each.due(now) : each);
    schedule();
  }

  private Future<Delivery> keep(Delivery delivery, String body) {
    return store
        .put(delivery, body)
        .map(
            v -> {
              if (!stopped) {
                kept.put(delivery.id(), delivery);
                schedule();
              }
              return delivery;
            });
  }

  private Future<Delivery> bounded(Delivery last) {
    if (count(State.DEAD) <= MOST_DEAD) {
      return Future.succeededFuture(last);
    }
    Delivery oldest =
        kept.values().stream()
            .filter(each -> each.state() == State.DEAD)
            .min(Comparator.comparing(Delivery::created))
            .orElse(last);
    kept.remove(oldest.id());
    dropped++;
    parts
        .log()
        .warn(
            "webhook "
                + webhook.id()
                + ": more than "
                + MOST_DEAD
                + " given up: "
                + oldest.id()
                + " dropped");
    return store.remove(oldest.id()).map(last);
  }

  private void log(Delivery delivery) {
    delivered.addFirst(delivery);
    if (delivered.size() > MOST_LOGGED) {
      delivered.removeLast();
    }
  }

  private void schedule() {
    vertx.cancelTimer(timer);
    if (stopped || !webhook.isEnabled()) {
      return;
    }
    kept.values().stream()
        .filter(each -> each.state() == State.PENDING && !underWay.contains(each.id()))
        .flatMap(each -> each.next().stream())
        .min(Comparator.naturalOrder())
        .ifPresent(
            due -> {
              long millis = Duration.between(Instant.now(parts.clock()), due).toMillis();
              timer = vertx.setTimer(Math.max(1, millis), t -> sendDue());
            });
  }

  private void sendDue() {
    Instant now = Instant.now(parts.clock()).plusMillis(1);
    List<Delivery> due =
        kept.values().stream()
            .filter(each -> each.state() == State.PENDING && !underWay.contains(each.id()))
            .filter(each -> each.next().isEmpty() || !each.next().get().isAfter(now))
            .sorted(Comparator.comparing(Delivery::created))
            .limit(AT_ONCE)
            .toList();
    for (Delivery each : due) {
      underWay.add(each.id());
      permits
          .run(() -> store.body(each.id()).compose(body -> attempt(each, body)))
          .onFailure(e -> unreadable(each, e))
          .onComplete(
              done -> {
                underWay.remove(each.id());
                schedule();
                onRoom.run();
              });
    }
    schedule();
  }

  // The disk fails, or somebody has removed the file.
  private void unreadable(Delivery delivery, Throwable e) {
    parts
        .log()
        .warn(
            "webhook " + webhook.id() + ": " + delivery.id() + ": " + LogText.escape(e.toString()));
    kept.computeIfPresent(
        delivery.id(),
        (id, each) ->
            e instanceof NoSuchFileException
                ? null
                : each.due(Instant.now(parts.clock()).plusSeconds(60)));
  }
}
