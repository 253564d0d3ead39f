package io.stagepost.admin.webhook;

import io.stagepost.events.Cursor;
import io.stagepost.events.EventLog;
import io.stagepost.events.EventPage;
import io.stagepost.events.EventPage.Entry;
import io.stagepost.events.EventPage.Loss;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives a hook the events of one relay's log. How far it has come is saved once a second, so what
 * was delivered in the last second before a kill is delivered again. On one context.
 */
final class Feed {

  private static final int PAGE = 100;
  private static final long POLL_MILLIS = 5_000;
  private static final long SAVE_MILLIS = 1_000;

  private final Vertx vertx;
  private final String relay;
  private final EventLog log;
  private final Hook hook;
  private final RelayLog told;
  private final List<Long> timers = new ArrayList<>();
  private EventLog.Subscription subscription = () -> {};
  private Cursor cursor = Cursor.START;
  private Cursor saved = Cursor.START;
  private Future<Void> saving = Future.succeededFuture();
  private boolean begun;
  private boolean running;
  private boolean wanted;
  private boolean stopped;
  private long losses;

  Feed(Vertx vertx, String relay, EventLog log, Hook hook, RelayLog told) {
    this.vertx = vertx;
    this.relay = relay;
    this.log = log;
    this.hook = hook;
    this.told = told;
  }

  /** Goes on where it was, or begins with what comes now. */
  Future<Void> open() {
    return log.saved(consumer())
        .compose(
            there ->
                there.isPresent()
                    ? Future.succeededFuture(there.get())
                    : log.end().compose(end -> log.save(consumer(), end).map(end)))
        .map(
            from -> {
              cursor = from;
              saved = from;
              if (!stopped) {
                begin();
              }
              return null;
            });
  }

  private void begin() {
    begun = true;
    Context context = vertx.getOrCreateContext();
    subscription = log.onAppend(() -> context.runOnContext(v -> wake()));
    // Other processes append too.
    timers.add(vertx.setPeriodic(POLL_MILLIS, t -> wake()));
    timers.add(vertx.setPeriodic(SAVE_MILLIS, t -> save()));
    wake();
  }

  /** How often it has missed events. */
  long losses() {
    return losses;
  }

  /** Looks for further events. */
  void wake() {
    wanted = true;
    // Before it knows its place it would begin with the oldest event of all.
    if (!begun || running || stopped || !hook.hasRoom(PAGE)) {
      return;
    }
    running = true;
    wanted = false;
    // After a failure it waits for the next poll.
    linger().compose(v -> round()).onComplete(done -> ended(done.succeeded(), done.result()));
  }

  private Future<Void> linger() {
    long millis = hook.webhook().batch().linger().toMillis();
    return millis == 0
        ? Future.succeededFuture()
        : vertx.timer(millis, TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Whether there may be more. */
  private Future<Boolean> round() {
    return log.read(cursor, PAGE)
        .compose(
            page -> {
              if (stopped) {
                return Future.succeededFuture(false);
              }
              page.lost().forEach(this::tell);
              return hook.deliver(relay, payloads(page))
                  .map(
                      v -> {
                        cursor = page.next();
                        return !page.entries().isEmpty();
                      });
            })
        .onFailure(
            e -> told.warn("webhook " + hook.webhook().id() + ": " + LogText.escape(e.toString())));
  }

  private void ended(boolean succeeded, @Nullable Boolean more) {
    running = false;
    if (succeeded && (Boolean.TRUE.equals(more) || wanted)) {
      vertx.runOnContext(v -> wake());
    }
  }

  private List<Payload> payloads(EventPage page) {
    List<Payload> all = new ArrayList<>();
    for (Entry entry : page.entries()) {
      if (hook.webhook().wants(entry.event().getString("type", ""))) {
        all.add(Payload.of(entry.sequence(), entry.event()));
      }
    }
    int size = hook.webhook().batch().size();
    if (size <= 1) {
      return all;
    }
    List<Payload> batches = new ArrayList<>();
    for (int i = 0; i < all.size(); i += size) {
      batches.add(Payload.of(all.subList(i, Math.min(all.size(), i + size))));
    }
    return batches;
  }

  private void tell(Loss loss) {
    losses++;
    told.warn(
        "webhook "
            + hook.webhook().id()
            + ": events from "
            + loss.from()
            + " to "
            + loss.to()
            + " are lost: they had left the log before they could be sent");
  }

  private void save() {
    if (saving.isComplete() && !cursor.equals(saved)) {
      Cursor now = cursor;
      saving = log.save(consumer(), now).onSuccess(v -> saved = now).otherwiseEmpty();
    }
  }

  /** Takes nothing more from the log. */
  void halt() {
    stopped = true;
    subscription.cancel();
    timers.forEach(vertx::cancelTimer);
  }

  boolean isHalted() {
    return stopped;
  }

  /** Ends. */
  Future<Void> stop() {
    halt();
    // One that comes to its end later would undo what is done with the place from now on.
    return saving.compose(
        v -> {
          save();
          return saving;
        });
  }

  /** Ends, and is not to go on from here. */
  Future<Void> forget() {
    return stop().compose(v -> log.forget(consumer()));
  }

  private String consumer() {
    return "webhook." + hook.webhook().id();
  }
}
