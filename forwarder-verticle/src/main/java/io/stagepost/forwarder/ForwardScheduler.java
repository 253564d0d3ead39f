package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.forwarder.Delivery.Progress;
import io.stagepost.forwarder.Delivery.Urgency;
import io.stagepost.net.ActivityFeed;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to look for messages, and feeds them to the delivery.
 *
 * <p>A run is one look through the spool; a trigger during a run is remembered, one at the most,
 * and starts another. When arrivals are a trigger, new messages are taken as they come, between
 * runs and in them. Used on one event loop.
 */
final class ForwardScheduler {

  private static final String RETRY = "retry";

  private static final Duration LONGEST_SILENT_POLL = Duration.ofSeconds(60);

  /** A run under way; the reason is null when nobody asked for it. */
  private static final class Run {
    private final @Nullable String reason;
    private final Listing listing;
    private @Nullable String aborted;
    private boolean ended;

    private Run(@Nullable String reason, Listing listing) {
      this.reason = reason;
      this.listing = listing;
    }
  }

  private final Vertx vertx;
  private final Supplier<ForwardSettings> settings;
  private final Spool spool;
  private final Dispatch dispatch;
  private final RelayLog log;
  private final ActivityFeed feed;
  private final Arrivals arrivals = new Arrivals();
  private final Promise<Void> completion = Promise.promise();
  private final Promise<Void> drained = Promise.promise();
  private @Nullable Run run;
  private @Nullable String pending;
  private int inFlight;
  private boolean pumping;
  private boolean resting = true;
  private boolean stopping;
  private long pollTimer = -1;
  private long resumeTimer = -1;

  ForwardScheduler(
      Vertx vertx,
      Supplier<ForwardSettings> settings,
      Spool spool,
      Dispatch dispatch,
      RelayLog log) {
    this.vertx = vertx;
    this.settings = settings;
    this.spool = spool;
    this.dispatch = dispatch;
    this.log = log;
    this.feed = ActivityFeed.of(vertx);
  }

  /** Begins with the first run where one is configured. */
  void start() {
    restartPoll();
    if (has(Trigger.STARTUP) || has(Trigger.ONE_SHOT)) {
      trigger("startup");
    } else if (has(Trigger.ARRIVAL)) {
      begin(null);
    }
  }

  /**
   * How the single run of {@link Trigger#ONE_SHOT} ended: fails with a {@link LinkException} when
   * it was aborted.
   */
  Future<Void> completion() {
    return completion.future();
  }

  /** Other settings hold from now on. */
  void changed(ForwardSettings before) {
    ForwardSettings now = settings.get();
    if (!now.poll().equals(before.poll())) {
      restartPoll();
    }
    boolean elsewhere = !now.nextHop().equals(before.nextHop());
    if (has(Trigger.ARRIVAL) && (elsewhere || !before.triggers().contains(Trigger.ARRIVAL))) {
      // What is there goes the new way, without waiting for the old one's pauses to end.
      triggerAfterRescan("configuration");
    }
  }

  /** Asks for a run. */
  void trigger(String reason) {
    if (stopping) {
      return;
    }
    Run busy = run;
    if (busy == null) {
      begin(reason);
      return;
    }
    if (busy.reason != null && !isQuiet(reason)) {
      log.verbose("forwarding: [" + LogText.escape(reason) + "]: still busy from last time");
    }
    if (pending == null) {
      pending = reason;
    }
  }

  /** Asks for a run that looks for files put there by others first. */
  void triggerAfterRescan(String reason) {
    spool
        .rescan()
        .onFailure(e -> log.warn("cannot rescan the spool: " + LogText.escape(e.toString())))
        .onComplete(v -> trigger(reason));
  }

  /** A message became ready. */
  void arrived(MessageId id) {
    if (!stopping) {
      arrivals.add(id);
      pump();
    }
  }

  /** Stops looking for messages; completes when those claimed have been dealt with. */
  Future<Void> stop() {
    stopping = true;
    vertx.cancelTimer(pollTimer);
    vertx.cancelTimer(resumeTimer);
    if (inFlight == 0) {
      drained.tryComplete();
    }
    return drained.future();
  }

  private void begin(@Nullable String reason) {
    if (reason != null) {
      feed.tell("client", "forward", "start: " + LogText.escape(reason));
      if (!isQuiet(reason)) {
        log.verbose("forwarding: [" + LogText.escape(reason) + "]");
      }
      dispatch.begin(reason.equals(RETRY) ? Urgency.PATIENT : Urgency.AT_ONCE);
    }
    run = new Run(reason, new Listing(spool));
    restartPoll();
    pump();
  }

  private boolean isQuiet(String reason) {
    return reason.equals("poll")
        && settings.get().poll().map(p -> p.compareTo(LONGEST_SILENT_POLL) <= 0).orElse(false);
  }

  /** Claims as many messages as there is room for. */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!stopping && dispatch.hasRoom()) {
        MessageId id = next();
        if (id == null) {
          break;
        }
        resting = false;
        inFlight++;
        dispatch.attempt(id).onComplete(done -> finished(done.result()));
      }
    } finally {
      pumping = false;
    }
    continueRun();
  }

  private @Nullable MessageId next() {
    MessageId listed = run == null ? null : run.listing.poll();
    return listed != null ? listed : arrivals.poll();
  }

  private void finished(Progress progress) {
    inFlight--;
    switch (progress) {
      case Progress.Done d -> {}
      case Progress.PutBack p -> resumeAfter(p.pause());
      case Progress.Aborted a -> abort(a);
    }
    if (stopping && inFlight == 0) {
      drained.tryComplete();
    }
    pump();
  }

  private void abort(Progress.Aborted aborted) {
    arrivals.clear(); // they stay in the spool, where the next run finds them
    resumeAfter(aborted.pause());
    Run current = run;
    if (current == null) {
      report(aborted.reason());
    } else {
      current.aborted = aborted.reason();
      current.listing.cut();
    }
  }

  private void continueRun() {
    Run current = run;
    if (stopping) {
      return;
    }
    if (current != null && current.listing.needsPage()) {
      current
          .listing
          .fetch()
          .onFailure(e -> log.error("cannot list the spool: " + LogText.escape(e.toString())))
          .onComplete(v -> pump());
      return;
    }
    // With arrivals there may always be something in flight; the run ends with its listing.
    boolean settled = inFlight == 0 || has(Trigger.ARRIVAL);
    if (current != null && current.listing.isExhausted() && settled && !current.ended) {
      end(current);
    } else if (current == null && arrivals.isEmpty() && arrivals.takeOverflow()) {
      begin(null);
    } else if (current == null && inFlight == 0 && !resting) {
      resting = true;
      dispatch.rest();
    }
  }

  private void end(Run ended) {
    ended.ended = true;
    String aborted = ended.aborted;
    if (aborted != null) {
      report(aborted);
    } else if (ended.reason != null) {
      log.verbose(
          ended.listing.seen() == 0
              ? "forwarding: no messages to send"
              : "forwarding: no more messages to send");
    }
    boolean keep = has(Trigger.ARRIVAL) && inFlight > 0;
    Future<Void> rested = keep ? Future.succeededFuture() : dispatch.rest();
    resting = !keep;
    rested.onComplete(
        v -> {
          run = null;
          if (ended.reason != null) {
            feed.tell("client", "forward", "end");
          }
          finishOneShot(aborted);
          beginPending();
        });
  }

  private void finishOneShot(@Nullable String aborted) {
    if (!has(Trigger.ONE_SHOT) || settings.get().poll().isPresent()) {
      return; // with a period there is always another run
    }
    if (aborted == null) {
      completion.tryComplete();
    } else {
      completion.tryFail(new LinkException(LinkException.Kind.BROKEN, aborted));
    }
  }

  private void beginPending() {
    String reason = pending;
    pending = null;
    if (stopping) {
      return;
    }
    if (reason != null) {
      if (!isQuiet(reason)) {
        log.verbose("forwarding: queued request [" + LogText.escape(reason) + "]");
      }
      begin(reason);
    } else {
      pump();
    }
  }

  private void report(String reason) {
    String text = LogText.escape(reason);
    log.warn("smtp client error: " + text);
    log.error(has(Trigger.ONE_SHOT) ? text : "forwarding: " + text);
  }

  private void resumeAfter(Duration pause) {
    if (resumeTimer < 0 && has(Trigger.ARRIVAL) && !stopping) {
      resumeTimer =
          vertx.setTimer(
              Math.max(1, pause.toMillis() + 1),
              id -> {
                resumeTimer = -1;
                trigger(RETRY);
              });
    }
  }

  private void restartPoll() {
    vertx.cancelTimer(pollTimer);
    settings
        .get()
        .poll()
        .ifPresent(
            period -> {
              pollTimer =
                  vertx.setTimer(Math.max(1, period.toMillis()), id -> triggerAfterRescan("poll"));
            });
  }

  private boolean has(Trigger trigger) {
    return settings.get().triggers().contains(trigger);
  }
}
