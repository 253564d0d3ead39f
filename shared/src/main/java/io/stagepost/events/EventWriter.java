package io.stagepost.events;

import io.stagepost.events.EventLog.Fate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events from everywhere and has one thread write them, all that wait at once.
 *
 * <p>From {@link #CROWDED} octets on, those who ask for room have to wait; what comes beyond {@link
 * #MOST} is lost. What can't be written is lost too, so that mail goes on.
 */
final class EventWriter {

  private static final Logger LOG = LoggerFactory.getLogger("io.stagepost.events");
  private static final Future<Void> DONE = Future.succeededFuture();
  private static final int BATCH = 1 << 20;
  private static final long CROWDED = 8 << 20;
  private static final long MOST = 64 << 20;
  private static final long TICK_MILLIS = 60_000;
  // What nobody waits for may gather so long, as a write for each would cost more than the events.
  private static final long GATHER_MILLIS = 5;

  private final Vertx vertx;
  private final LaneWriter lane;
  private final Attempts attempts;
  private final Upkeep upkeep;
  private final Deque<Pending> queue = new ArrayDeque<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong lost = new AtomicLong();
  private final Promise<Void> opened = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private long octets;
  private Phase phase = Phase.NEW;
  private boolean urgent;
  private boolean idle;

  // Of the writing thread only.
  private long ticked;
  private long written;
  private long losing;
  private boolean keepingFails;

  private enum Phase {
    NEW,
    RUNNING,
    CLOSED
  }

  /** What is done now and then. */
  interface Upkeep {
    void run() throws IOException;
  }

  private record Waiting(Context context, Promise<Void> promise) {}

  private record Pending(Buffer json, String id, Fate message, Waiting waiting)
      implements LaneWriter.Written {}

  EventWriter(Vertx vertx, LaneWriter lane, Attempts attempts, Upkeep upkeep) {
    this.vertx = vertx;
    this.lane = lane;
    this.attempts = attempts;
    this.upkeep = upkeep;
  }

  Future<Void> start() {
    synchronized (queue) {
      if (phase == Phase.NEW) {
        phase = Phase.RUNNING;
        Thread.ofPlatform().daemon().name("stagepost-events").start(this::run);
      }
    }
    return opened.future();
  }

  Future<Void> add(Buffer json, String id, Fate message) {
    start();
    Waiting written = new Waiting(vertx.getOrCreateContext(), Promise.promise());
    synchronized (queue) {
      if (phase == Phase.CLOSED || octets + json.length() > MOST) {
        lost.incrementAndGet();
        return DONE;
      }
      queue.add(new Pending(json, id, message, written));
      octets += json.length();
      urgent |= message != Fate.OPEN;
      if (idle || urgent) {
        queue.notifyAll();
      }
    }
    return written.promise().future();
  }

  Future<Void> room() {
    synchronized (queue) {
      if (octets < CROWDED || phase == Phase.CLOSED) {
        return DONE;
      }
      Waiting room = new Waiting(vertx.getOrCreateContext(), Promise.promise());
      waiting.add(room);
      return room.promise().future();
    }
  }

  long lost() {
    return lost.get();
  }

  List<Runnable> listeners() {
    return listeners;
  }

  Future<Void> close() {
    synchronized (queue) {
      if (phase == Phase.NEW) {
        ended.complete();
      }
      phase = Phase.CLOSED;
      queue.notifyAll();
    }
    return ended.future();
  }

  private void run() {
    try {
      guarded(lane::open);
      opened.complete();
      tick();
      List<Pending> batch = new ArrayList<>();
      while (take(batch)) {
        if (!batch.isEmpty()) {
          write(batch);
        }
        batch.clear();
        tick();
      }
      guarded(lane::close);
    } catch (InterruptedException e) {
      LOG.warn("events: interrupted");
    } finally {
      ended.complete();
    }
  }

  // Whatever is in the way may go; the next event that is to be written finds out.
  private static void guarded(Upkeep step) {
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      LOG.warn("events: {}", e.toString());
    }
  }

  /** Waits for work; false when there will be none. */
  private boolean take(List<Pending> batch) throws InterruptedException {
    List<Waiting> free;
    synchronized (queue) {
      if (queue.isEmpty() && phase == Phase.RUNNING) {
        idle = true;
        queue.wait(TICK_MILLIS);
        idle = false;
      }
      gather();
      urgent = false;
      int taken = 0;
      while (!queue.isEmpty() && (taken == 0 || taken + queue.peek().json().length() < BATCH)) {
        Pending next = queue.remove();
        taken += next.json().length();
        batch.add(next);
      }
      octets -= taken;
      free = octets < CROWDED ? List.copyOf(waiting) : List.of();
      waiting.removeAll(free);
      if (batch.isEmpty() && phase == Phase.CLOSED) {
        tell(free);
        return false;
      }
    }
    tell(free);
    return true;
  }

  // Called with the queue locked.
  private void gather() throws InterruptedException {
    long left = left();
    while (!urgent && left > 0 && !queue.isEmpty() && octets < BATCH && phase == Phase.RUNNING) {
      queue.wait(left);
      left = left();
    }
    written = System.nanoTime();
  }

  private long left() {
    return GATHER_MILLIS - (System.nanoTime() - written) / 1_000_000;
  }

  private void write(List<Pending> batch) {
    try {
      if (lane.write(batch)) {
        ticked = 0; // what is too much goes with each new segment
      }
      if (losing > 0) {
        LOG.warn("events: writing again; {} were lost", losing);
        losing = 0;
      }
    } catch (IOException | RuntimeException e) {
      if (losing == 0) {
        LOG.warn("events: cannot be written, and are lost while mail goes on: {}", e.toString());
      }
      losing += batch.size();
      lost.addAndGet(batch.size());
    }
    batch.forEach(this::keep);
    tell(batch.stream().map(Pending::waiting).toList());
    for (Runnable listener : listeners) {
      try {
        listener.run();
      } catch (RuntimeException e) {
        LOG.warn("events: a listener failed", e);
      }
    }
  }

  private void keep(Pending event) {
    try {
      switch (event.message()) {
        case OPEN -> {
          return;
        }
        case STAYS -> attempts.keep(event.id(), event.json().getBytes());
        case LEAVES -> attempts.drop(event.id());
      }
      keepingFails = false;
    } catch (IOException | RuntimeException e) {
      if (!keepingFails) {
        LOG.warn("events: cannot be kept with {}: {}", event.id(), e.toString());
      }
      keepingFails = true;
    }
  }

  /** Completes futures, each on its context, with one task for all of a context. */
  private static void tell(List<Waiting> all) {
    Map<Context, List<Promise<Void>>> byContext = new LinkedHashMap<>();
    for (Waiting one : all) {
      byContext.computeIfAbsent(one.context(), c -> new ArrayList<>()).add(one.promise());
    }
    byContext.forEach(
        (context, promises) ->
            context.runOnContext(v -> promises.forEach(promise -> promise.tryComplete())));
  }

  private void tick() {
    long now = System.nanoTime() / 1_000_000;
    if (ticked == 0 || now - ticked >= TICK_MILLIS) {
      ticked = now;
      guarded(lane::turnIfOld);
      guarded(upkeep);
    }
  }
}
