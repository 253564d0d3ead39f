package io.stagepost.spool.file;

import io.stagepost.spool.SpoolException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What the disk refused and is tried again each second. Holds 20,000 jobs; a further one pushes out
 * the oldest, whose files are left to the next start.
 */
final class Limbo {

  private static final int LIMIT = 20_000;

  private final Deque<SpoolWorkers.Job<Void>> jobs = new ArrayDeque<>();

  synchronized void add(SpoolWorkers.Job<Void> job) {
    if (jobs.size() == LIMIT) {
      jobs.removeFirst();
    }
    jobs.addLast(job);
  }

  synchronized boolean isEmpty() {
    return jobs.isEmpty();
  }

  /** Tries each once; what fails again stays. */
  void retry() {
    List<SpoolWorkers.Job<Void>> all;
    synchronized (this) {
      all = new ArrayList<>(jobs);
      jobs.clear();
    }
    for (SpoolWorkers.Job<Void> job : all) {
      try {
        job.run();
      } catch (SpoolException.StaleClaim e) {
        SpoolStore.LOG.debug("spool: not recorded, as another owner took over");
      } catch (IOException | SpoolException e) {
        add(job);
      }
    }
  }
}
