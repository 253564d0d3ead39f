package io.stagepost.spool.file;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what follows a sync on a thread of its own, so that the next sync need not wait for it. One
 * batch is being worked on and one more waits; who brings a third has to wait.
 */
final class JournalSequel<T> {

  private final Consumer<List<T>> work;
  private final Thread thread = new Thread(this::run, "stagepost-journal-files");
  private @Nullable List<T> next;
  private boolean working;
  private boolean begun;
  private boolean closed;

  JournalSequel(Consumer<List<T>> work) {
    this.work = work;
    thread.setDaemon(true);
  }

  /** Hands over a batch, which the caller must not touch any more. */
  synchronized void add(List<T> batch) throws InterruptedException {
    if (!begun) {
      begun = true;
      thread.start();
    }
    while (next != null) {
      wait();
    }
    next = batch;
    notifyAll();
  }

  synchronized boolean isIdle() {
    return next == null && !working;
  }

  /** Waits until nothing is left to do. */
  synchronized void awaitIdle() throws InterruptedException {
    while (!isIdle()) {
      wait();
    }
  }

  /** Ends the thread when it has done what it has. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private void run() {
    try {
      for (List<T> batch = take(); batch != null; batch = take()) {
        work.accept(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable List<T> take() throws InterruptedException {
    working = false;
    notifyAll();
    while (next == null && !closed) {
      wait();
    }
    List<T> batch = next;
    next = null;
    working = batch != null;
    notifyAll();
    return batch;
  }
}
