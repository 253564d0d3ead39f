package io.stagepost.spool.file;

import io.stagepost.spool.file.JournalRecord.Gone;
import io.stagepost.spool.file.JournalRecord.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Makes small messages durable by one sync for many: their octets go into a file that is written in
 * one place after the other, while their own files reach the disk in the system's own time. When
 * the system stops before that, {@link JournalReplay} makes the files anew.
 *
 * <p>At most 16 MiB wait to be written; further messages are to be synced each by itself. The two
 * segments take 512 MiB of disk at the most, and less of a small one. What the journal holds is at
 * most half a minute ahead of the files.
 */
final class Journal {

  private static final int BATCH = 1 << 20;
  private static final int PENDING_LIMIT = 16 << 20;
  private static final long SYNC_GONE_MILLIS = 200;
  private static final long CHECKPOINT_MILLIS = 30_000;
  private static final long MEND_MILLIS = 5_000;

  private final Node node;
  private final JournalSegment[] segments;
  private final JournalRetirement retirement;
  private final Deque<Pending> queue = new ArrayDeque<>();
  private int pendingOctets;
  private Phase phase = Phase.UNUSED;

  // Of the journal's thread only.
  private final Thread thread = new Thread(this::run, "stagepost-journal");
  private final JournalSequel<Pending> sequel = new JournalSequel<>(this::tell);
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int current;
  private boolean unsynced;
  private long begun;
  private long syncNanos;
  // Also of the one that does what follows.
  private volatile long tellNanos;

  private enum Phase {
    UNUSED,
    RUNNING,
    BROKEN,
    CLOSED
  }

  /** What is done on the journal's thread when a message is durable, or could not be made so. */
  interface Outcome {
    void ended(@Nullable Exception failure);
  }

  private record Pending(JournalRecord record, Outcome outcome) {}

  Journal(Disk disk, Path directory, Node node) {
    this.node = node;
    String name = SpoolFiles.journalOf(node.path().getFileName().toString());
    this.segments =
        new JournalSegment[] {
          new JournalSegment(disk, directory.resolve(name + ".0")),
          new JournalSegment(disk, directory.resolve(name + ".1"))
        };
    this.retirement = new JournalRetirement(disk, directory);
    thread.setDaemon(true);
  }

  /**
   * Takes a message whose files have yet to be written.
   *
   * @return whether it was taken; otherwise the outcome will never be told
   */
  boolean store(Stored message, Outcome outcome) {
    return add(new Pending(message, outcome));
  }

  /** Notes that a message has left the spool, so that it is not brought back. */
  void gone(String stem) {
    synchronized (queue) {
      if (phase != Phase.UNUSED) {
        add(new Pending(new Gone(stem), failure -> {}));
      }
    }
  }

  private boolean add(Pending pending) {
    synchronized (queue) {
      if (phase == Phase.BROKEN || phase == Phase.CLOSED || pendingOctets > PENDING_LIMIT) {
        return false;
      }
      if (phase == Phase.UNUSED) {
        phase = Phase.RUNNING;
        thread.start();
      }
      queue.add(pending);
      pendingOctets += pending.record().limit();
      queue.notifyAll();
      return true;
    }
  }

  /** Brings everything to the disk and removes the journal. */
  void close() throws IOException {
    if (end()) {
      retirement.remove(segments);
    }
  }

  /** Lets go of everything, as the end of the process does. */
  void abandon() throws IOException {
    if (end()) {
      for (JournalSegment segment : segments) {
        segment.close();
      }
    }
  }

  private boolean end() throws IOException {
    boolean used;
    synchronized (queue) {
      used = phase != Phase.UNUSED && phase != Phase.CLOSED;
      phase = Phase.CLOSED;
      queue.notifyAll();
    }
    try {
      if (used) {
        thread.join();
        retirement.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return used;
  }

  private void run() {
    List<Pending> batch = new ArrayList<>();
    try {
      while (take(batch)) {
        try {
          write(batch);
        } catch (IOException | RuntimeException e) {
          broken(batch, e);
          mend();
        }
        batch = new ArrayList<>();
      }
      sequel.awaitIdle();
    } catch (InterruptedException e) {
      broken(batch, new IOException("interrupted", e));
    } finally {
      sequel.close();
    }
  }

  /** Waits for work; false when there will be none. The batch may be empty when time is up. */
  private boolean take(List<Pending> batch) throws InterruptedException {
    synchronized (queue) {
      if (queue.isEmpty() && phase == Phase.RUNNING) {
        boolean idle = !segments[current].isActive();
        queue.wait(unsynced ? SYNC_GONE_MILLIS : idle ? 0 : CHECKPOINT_MILLIS);
      }
      int octets = 0;
      while (!queue.isEmpty() && (octets == 0 || octets + queue.peek().record().limit() < BATCH)) {
        Pending next = queue.remove();
        octets += next.record().limit();
        batch.add(next);
      }
      pendingOctets -= octets;
      return !batch.isEmpty() || phase == Phase.RUNNING;
    }
  }

  private void write(List<Pending> batch) throws IOException, InterruptedException {
    if (batch.isEmpty()) {
      rest();
      return;
    }
    int octets = JournalRecord.HEAD + JournalRecord.BODY_EXTRA;
    for (Pending pending : batch) {
      octets += pending.record().limit();
    }
    boolean toSync = hasMessage(batch);
    JournalSegment segment = segmentFor(octets);
    long generation = segment.generation();
    for (Pending pending : batch) {
      pending.record().put(buffer, generation);
    }
    segment.write(buffer.flip());
    if (toSync) {
      long began = System.nanoTime();
      segment.sync();
      syncNanos = System.nanoTime() - began;
    }
    unsynced = !toSync;
    follow(batch);
  }

  /**
   * Does what follows the sync, on the other thread where the next sync gains by it. With a quick
   * disk it doesn't: more messages come together for a sync when it waits for the files of those
   * before, which takes less of everything.
   */
  private void follow(List<Pending> batch) throws InterruptedException {
    if (syncNanos < tellNanos) {
      sequel.awaitIdle();
      tell(batch);
    } else if (sequel.isIdle() && isQueueEmpty()) {
      tell(batch);
    } else {
      sequel.add(batch);
    }
  }

  private boolean isQueueEmpty() {
    synchronized (queue) {
      return queue.isEmpty();
    }
  }

  private JournalSegment segmentFor(int octets) throws IOException, InterruptedException {
    if (buffer.capacity() < octets) {
      buffer = ByteBuffer.allocateDirect(Math.max(BATCH + (BATCH >> 1), octets));
    }
    buffer.clear();
    if (segments[current].isActive() && !segments[current].hasRoom(octets)) {
      retirement.awaitClean(segments[1 - current]);
      turn();
    } else {
      turnIfOld();
    }
    JournalSegment segment = segments[current];
    if (segment.isClean()) {
      segment.begin(buffer);
      begun = System.nanoTime();
    }
    return segment;
  }

  // What others do with the files is not in the journal, so it must not outlive them for long.
  private void turnIfOld() throws InterruptedException {
    boolean old = System.nanoTime() - begun >= CHECKPOINT_MILLIS * 1_000_000;
    if (old && segments[current].isActive() && segments[1 - current].isClean()) {
      turn();
    }
  }

  private void turn() throws InterruptedException {
    // The files of all its messages have to be there before they can be synced.
    sequel.awaitIdle();
    retirement.retire(segments[current]);
    current = 1 - current;
  }

  private void rest() throws IOException, InterruptedException {
    if (unsynced) {
      segments[current].sync();
      unsynced = false;
    } else {
      turnIfOld();
    }
  }

  private void tell(List<Pending> batch) {
    long began = System.nanoTime();
    AtomicBoolean told = new AtomicBoolean();
    try {
      node.guarded(
          () -> {
            told.set(true);
            batch.forEach(pending -> pending.outcome().ended(null));
            return null;
          });
    } catch (IOException | RuntimeException e) {
      if (!told.get()) {
        batch.forEach(pending -> pending.outcome().ended(e));
      }
    }
    if (hasMessage(batch)) {
      tellNanos = System.nanoTime() - began;
    }
  }

  private static boolean hasMessage(List<Pending> batch) {
    return batch.stream().anyMatch(pending -> pending.record() instanceof Stored);
  }

  private void broken(List<Pending> batch, Exception failure) {
    SpoolStore.LOG.warn(
        "spool: messages are synced one by one for a while: {}", failure.toString());
    List<Pending> all = new ArrayList<>(batch);
    synchronized (queue) {
      phase = phase == Phase.CLOSED ? Phase.CLOSED : Phase.BROKEN;
      all.addAll(queue);
      queue.clear();
      pendingOctets = 0;
    }
    all.forEach(pending -> pending.outcome().ended(failure));
  }

  /** Tries to begin anew until that succeeds. */
  private void mend() throws InterruptedException {
    while (true) {
      synchronized (queue) {
        if (phase != Phase.CLOSED) {
          queue.wait(MEND_MILLIS);
        }
        if (phase == Phase.CLOSED) {
          return;
        }
      }
      try {
        sequel.awaitIdle();
        // One of them may still be retiring.
        retirement.awaitClean(segments[1 - current]);
        retirement.remove(segments);
        unsynced = false;
        synchronized (queue) {
          phase = phase == Phase.CLOSED ? Phase.CLOSED : Phase.RUNNING;
        }
        return;
      } catch (IOException e) {
        SpoolStore.LOG.debug("spool: no journal yet: {}", e.toString());
      }
    }
  }
}
