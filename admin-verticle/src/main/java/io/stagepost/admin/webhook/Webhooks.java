package io.stagepost.admin.webhook;

import io.stagepost.admin.webhook.Delivery.State;
import io.stagepost.admin.webhook.Hook.Parts;
import io.stagepost.config.WebhookSettings;
import io.stagepost.events.EventLog;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/**
 * All hooks of the process. One process at a time sends for a directory; others wait for its end.
 * On one context.
 */
public final class Webhooks {

  /** The most hooks. */
  public static final int MOST = 20;

  private static final long RETRY_MILLIS = 5_000;
  private static final Random IDS = new SecureRandom();

  private final Vertx vertx;
  private final Map<String, EventLog> relays;
  private final HookFile file;
  private final Sender sender;
  private final Clock clock;
  private final RelayLog log;
  private final Parts parts;
  private final Map<String, Running> running = new LinkedHashMap<>();
  private boolean ours;
  private boolean closed;
  private long timer = -1;

  /** A hook and what it is fed with. */
  private static final class Running {
    private final Hook hook;
    private final Map<String, Feed> feeds = new LinkedHashMap<>();
    // Feeds of one relay share a place in its log, so one must have ended before another begins.
    private Future<Void> turn = Future.succeededFuture();

    private Running(Hook hook) {
      this.hook = hook;
    }
  }

  Webhooks(
      Vertx vertx,
      Map<String, EventLog> relays,
      Path directory,
      Sender sender,
      BackOff backOff,
      Clock clock) {
    this.vertx = vertx;
    this.relays = Map.copyOf(relays);
    this.file = new HookFile(vertx, directory);
    this.sender = sender;
    this.clock = clock;
    this.log = RelayLog.of("");
    this.parts = new Parts(sender, backOff, clock, log, this::gone);
  }

  /**
   * Hooks that are kept in a directory.
   *
   * @param relays their logs by their names
   */
  public static Webhooks create(
      Vertx vertx, Map<String, EventLog> relays, Path directory, WebhookSettings settings) {
    Clock clock = Clock.systemUTC();
    Sender sender =
        new Sender(
            vertx,
            AddressGuard.of(vertx, settings.allow()),
            settings.timeout(),
            clock,
            new HttpClientOptions());
    return new Webhooks(
        vertx, relays, directory, sender, new BackOff(settings.backOff(), settings.retry()), clock);
  }

  /** Begins to send as soon as no other process does. Fails when its files can't be read. */
  public Future<Void> open() {
    return file.lock()
        .compose(
            got -> {
              if (!got) {
                log.info("webhooks: another process sends them");
                waitForTurn();
                return Future.succeededFuture();
              }
              return begin();
            });
  }

  private void waitForTurn() {
    timer =
        vertx.setTimer(
            RETRY_MILLIS,
            t ->
                file.lock()
                    .compose(got -> got && !closed ? begin() : Future.succeededFuture())
                    .onFailure(e -> log.error("webhooks: " + LogText.escape(e.toString())))
                    .onComplete(
                        done -> {
                          if (!ours && !closed) {
                            waitForTurn();
                          }
                        }));
  }

  private Future<Void> begin() {
    return file.read()
        .compose(
            hooks -> {
              ours = true;
              return Future.join(hooks.stream().map(this::start).toList()).mapEmpty();
            });
  }

  private Future<Hook> start(Webhook webhook) {
    Hook hook = new Hook(vertx, parts, file.deliveries(webhook.id()), webhook);
    Running made = new Running(hook);
    running.put(webhook.id(), made);
    hook.onRoom(() -> made.feeds.values().forEach(Feed::wake));
    return hook.open().compose(v -> feed(made)).map(hook);
  }

  // Events pass by a hook that is disabled: it goes on with what comes when it is enabled.
  private Future<Void> feed(Running one) {
    Webhook webhook = one.hook.webhook();
    relays.keySet().stream()
        .filter(name -> !wants(webhook, name))
        .map(one.feeds::get)
        .filter(Objects::nonNull)
        .forEach(Feed::halt);
    Future<Void> ended = one.turn.compose(v -> change(one));
    one.turn = ended.otherwiseEmpty();
    return ended;
  }

  private static boolean wants(Webhook webhook, String relay) {
    return webhook.isEnabled() && webhook.isOf(relay);
  }

  private Future<Void> change(Running one) {
    List<Future<Void>> all = new ArrayList<>();
    relays.forEach(
        (name, events) -> {
          Feed feed = one.feeds.get(name);
          boolean wanted = wants(one.hook.webhook(), name);
          if (feed != null && (feed.isHalted() || !wanted)) {
            one.feeds.remove(name);
            all.add(feed.forget().compose(v -> wanted ? open(one, name, events) : done()));
          } else if (wanted && feed == null) {
            all.add(open(one, name, events));
          }
        });
    return Future.join(all).mapEmpty();
  }

  private Future<Void> open(Running one, String name, EventLog events) {
    Feed opened = new Feed(vertx, name, events, one.hook, log);
    one.feeds.put(name, opened);
    return opened.open();
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  /** Whether this process sends. */
  boolean isOurs() {
    return ours;
  }

  /** Whether there is a relay of that name. */
  boolean knows(String relay) {
    return relays.containsKey(relay);
  }

  /** The hooks in the order in which they were made. */
  List<Hook> all() {
    return running.values().stream().map(one -> one.hook).toList();
  }

  Optional<Hook> find(String id) {
    return Optional.ofNullable(running.get(id)).map(one -> one.hook);
  }

  /** How many deliveries are in a state that is kept. */
  public long count(boolean dead) {
    State state = dead ? State.DEAD : State.PENDING;
    return all().stream().mapToLong(hook -> hook.count(state)).sum();
  }

  /** How often events left a log before they could be sent. */
  long losses(Hook hook) {
    Running one = running.get(hook.webhook().id());
    return one == null ? 0 : one.feeds.values().stream().mapToLong(Feed::losses).sum();
  }

  /** Fails with {@link AddressGuard.RefusedException} when nothing may be sent there. */
  Future<Void> check(String url) {
    return sender.check(url);
  }

  Instant now() {
    return Instant.now(clock);
  }

  /** A name for a new one. */
  static String newId() {
    byte[] octets = new byte[8];
    IDS.nextBytes(octets);
    return "wh-" + HexFormat.of().formatHex(octets);
  }

  /** Adds one; completes when it is durable and misses nothing more. */
  Future<Hook> add(Webhook webhook) {
    return start(webhook)
        .compose(hook -> write().map(hook))
        .recover(e -> remove(webhook.id()).transform(v -> Future.failedFuture(e)));
  }

  /** Changes one; completes when that is durable. */
  Future<Void> change(Webhook webhook) {
    Running one = running.get(webhook.id());
    if (one == null) {
      return Future.succeededFuture();
    }
    one.hook.change(webhook);
    Future<Void> fed = feed(one);
    return write().compose(v -> fed);
  }

  /** Gives one a new secret; the old one is good for some time. */
  Future<Webhook> rotate(Hook hook, Duration overlap) {
    Webhook rotated = hook.webhook().rotated(now(), now().plus(overlap));
    return change(rotated).map(rotated);
  }

  /** Removes one and all that it still had to deliver. */
  Future<Void> remove(String id) {
    Running one = running.remove(id);
    if (one == null) {
      return Future.succeededFuture();
    }
    one.feeds.values().forEach(Feed::halt);
    return write()
        .eventually(() -> one.turn)
        .eventually(() -> Future.join(one.feeds.values().stream().map(Feed::forget).toList()))
        .eventually(one.hook::forget);
  }

  private void gone(Webhook webhook) {
    log.warn("webhook " + webhook.id() + ": disabled, as its receiver answered 410");
    change(webhook.withDisabled(Optional.of("the receiver answered 410")))
        .onFailure(e -> log.error("webhooks: " + LogText.escape(e.toString())));
  }

  private Future<Void> write() {
    return file.write(all().stream().map(Hook::webhook).toList());
  }

  /** Ends. */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    List<Future<Void>> all = new ArrayList<>();
    running
        .values()
        .forEach(
            one -> {
              one.hook.stop();
              one.feeds.values().forEach(feed -> all.add(feed.stop()));
            });
    return Future.join(all).eventually(sender::close).eventually(file::unlock).mapEmpty();
  }
}
