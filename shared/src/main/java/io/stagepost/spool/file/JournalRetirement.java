package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Brings the files of a segment's messages to the disk, so that the segment may be used again. */
final class JournalRetirement {

  private static final long RETRY_MILLIS = 5_000;

  private final Disk disk;
  private final Path directory;
  // One task for each of the two segments at the most.
  private final ExecutorService executor =
      new ThreadPoolExecutor(
          0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), JournalRetirement::thread);

  JournalRetirement(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "stagepost-journal-retirement");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to retire a segment. */
  void retire(JournalSegment segment) {
    segment.retiring();
    executor.execute(() -> retireUntilDone(segment));
  }

  private void retireUntilDone(JournalSegment segment) {
    try {
      while (!retired(segment)) {
        Thread.sleep(RETRY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean retired(JournalSegment segment) {
    try {
      disk.syncAll(directory);
      segment.retired();
    } catch (IOException e) {
      SpoolStore.LOG.warn("spool: can't sync {} yet: {}", directory, e.toString());
      return false;
    }
    synchronized (this) {
      notifyAll();
    }
    return true;
  }

  /** Waits until a segment may be used again. */
  synchronized void awaitClean(JournalSegment segment) throws InterruptedException {
    while (!segment.isClean()) {
      wait();
    }
  }

  /** Ends what is under way. */
  void close() throws InterruptedException {
    executor.shutdownNow();
    executor.awaitTermination(1, TimeUnit.MINUTES);
  }

  /** Brings everything to the disk and removes the segments. */
  void remove(JournalSegment... segments) throws IOException {
    disk.syncAll(directory);
    for (JournalSegment segment : segments) {
      segment.delete();
    }
  }
}
