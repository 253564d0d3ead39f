package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What goes on while the spool is open, on two threads: one keeps time (heartbeat, deferred
 * messages that are due), the other watches the directory and the other owners.
 */
final class Housekeeping {

  private static final Duration TICK = Duration.ofMillis(100);
  // Reading a long directory takes one part of the time in so many.
  private static final int RESCAN_SHARE = 50;
  // Our own changes are announced too: taken a batch at a time they cost few wake-ups, and a batch
  // of this length seldom is more than the watch service keeps.
  private static final Duration BATCH = Duration.ofMillis(10);
  private static final Duration WANTED_RESCAN = Duration.ofSeconds(3);
  // So many changes in a sample are our own, and being told of each would cost more than it is
  // worth.
  private static final int MANY_CHANGES = 500;
  private static final Duration SAMPLE = Duration.ofMillis(250);
  private static final Duration UNWATCHED = Duration.ofSeconds(5);

  private final SpoolStore store;
  private final Lookout lookout;
  private final Recovery recovery;
  private final FreeSpace freeSpace;
  private final ReentrantLock directoryWork = new ReentrantLock();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(task -> thread(task, "stagepost-spool-clock"));
  private @Nullable WatchService watcher;
  private @Nullable WatchKey watched;
  private int changes;
  private boolean missed;
  private @Nullable Thread watching;
  private volatile boolean closed;

  Housekeeping(SpoolStore store, Lookout lookout, Recovery recovery, FreeSpace freeSpace) {
    this.store = store;
    this.lookout = lookout;
    this.recovery = recovery;
    this.freeSpace = freeSpace;
  }

  private static Thread thread(Runnable task, String name) {
    return Thread.ofPlatform().daemon().name(name).unstarted(task);
  }

  /** Begins to watch, so that nothing is missed between the first reading and the start. */
  void watch() {
    try {
      WatchService service = store.directory().getFileSystem().newWatchService();
      watched = register(service);
      watcher = service;
    } catch (IOException | UnsupportedOperationException e) {
      SpoolStore.LOG.warn(
          "spool: no watching of {}, reading it now and then instead: {}",
          store.directory(),
          e.toString());
    }
  }

  private WatchKey register(WatchService service) throws IOException {
    return store
        .directory()
        .register(
            service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
  }

  void start() {
    Duration beat = store.options().times().heartbeat();
    every(beat, this::beat);
    every(TICK, this::due);
    every(Duration.ofSeconds(1), freeSpace::check);
    watching = thread(this::keepWatch, "stagepost-spool-watch");
    watching.start();
  }

  private void every(Duration period, Runnable task) {
    Runnable safe =
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            SpoolStore.LOG.warn("spool: housekeeping failed", e);
          }
        };
    ScheduledFuture<?> unused =
        clock.scheduleWithFixedDelay(
            safe, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void beat() {
    try {
      Node node = store.node();
      node.beat();
      if (node.isFenced()) {
        store.fenced(node);
      }
    } catch (IOException e) {
      SpoolStore.LOG.warn("spool: no heartbeat: {}", e.toString());
    }
  }

  private void due() {
    store.index().due(Instant.now()).forEach(store::arrived);
  }

  private void keepWatch() {
    long lookAt = System.nanoTime();
    long rescanAt = lookAt + store.options().times().rescan().toNanos();
    long wantedAt = lookAt;
    long sampleAt = lookAt;
    while (!closed) {
      try {
        WatchService service = watcher;
        if (service == null) {
          Thread.sleep(TICK);
        } else {
          WatchKey key = service.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
          handle(key);
          if (key != null) {
            Thread.sleep(BATCH);
          }
        }
        long now = System.nanoTime();
        if (service != null && now - sampleAt >= 0) {
          sampleAt = now + weigh(service).toNanos();
        }
        if (now - lookAt >= 0) {
          lookAt = now + Math.min(1_000_000_000L, store.options().times().heartbeat().toNanos());
          lookAround();
        }
        // Under load more changes than the watch service keeps: reading must not become the load.
        boolean wanted = now - wantedAt >= 0 && store.takeRescanWanted();
        if (wanted || now - rescanAt >= 0) {
          long share = RESCAN_SHARE * rescan();
          now = System.nanoTime();
          rescanAt = now + Math.max(store.options().times().rescan().toNanos(), share);
          wantedAt = now + Math.max(WANTED_RESCAN.toNanos(), share);
        }
      } catch (InterruptedException | ClosedWatchServiceException e) {
        return;
      } catch (IOException | RuntimeException e) {
        SpoolStore.LOG.warn("spool: looking at {} failed: {}", store.directory(), e.toString());
      }
    }
  }

  /**
   * Looks away from the directory for a while when there is too much to see. What others put there
   * meanwhile is found by the next rescan.
   *
   * @return when to weigh again
   */
  private Duration weigh(WatchService service) throws IOException {
    int seen = changes;
    changes = 0;
    WatchKey key = watched;
    if (key == null) {
      watched = register(service);
    } else if (seen >= MANY_CHANGES) {
      key.cancel();
      watched = null;
      missed = true;
      return UNWATCHED;
    } else if (missed) {
      missed = false;
      store.wantRescan();
    }
    return SAMPLE;
  }

  /** How many nanoseconds it took. */
  private long rescan() throws IOException {
    long began = System.nanoTime();
    rescanNow();
    return System.nanoTime() - began;
  }

  /** Compares the directory with the index. */
  void rescanNow() throws IOException {
    directoryWork.lock();
    try {
      lookout.rescan();
      lookout.reviewBusy(recovery);
    } finally {
      directoryWork.unlock();
    }
  }

  private void lookAround() throws IOException {
    directoryWork.lock();
    try {
      recovery.buryDead();
    } finally {
      directoryWork.unlock();
    }
    if (!store.limbo().isEmpty()) {
      store.limbo().retry();
    }
  }

  private void handle(@Nullable WatchKey key) throws IOException {
    if (key == null) {
      return;
    }
    try {
      for (WatchEvent<?> event : key.pollEvents()) {
        changes++;
        if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
          changes += MANY_CHANGES;
          store.wantRescan();
        } else if (event.kind().equals(StandardWatchEventKinds.ENTRY_CREATE)) {
          lookout.appeared(String.valueOf(event.context()));
        } else {
          lookout.vanished(String.valueOf(event.context()));
        }
      }
    } finally {
      key.reset();
    }
  }

  /** Ends both threads. */
  void close() throws IOException {
    closed = true;
    clock.shutdownNow();
    WatchService service = watcher;
    if (service != null) {
      service.close();
    }
    Thread thread = watching;
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join(5_000);
        clock.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
