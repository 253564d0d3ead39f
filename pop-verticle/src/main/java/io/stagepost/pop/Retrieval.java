package io.stagepost.pop;

import io.stagepost.pop.maildrop.Maildrop;
import io.stagepost.pop.maildrop.MaildropWorkers;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a session. To a client that takes one after the other the next small ones
 * are there before it asks, so that it never waits for the disk.
 *
 * <p>Bound: {@link #BATCH} octets for a session, and {@link ReadAhead} for all of them.
 */
final class Retrieval {

  private static final int BATCH = 256 << 10;
  private static final int SMALL = 64 << 10;
  private static final int NOWHERE = -1;

  private final Maildrop maildrop;
  private final BitSet deleted;
  private final Reading reading;
  private final Deque<Ready> ready = new ArrayDeque<>();
  private @Nullable Future<Void> fetching;
  private int fetchedTo = NOWHERE;
  private int last = NOWHERE;
  private boolean closed;

  /** What reads, and how much of that ahead. */
  record Reading(MaildropWorkers workers, ReadAhead ahead) {}

  /** A message that was read ahead, and what was taken for it. */
  private record Ready(int index, long taken, @Nullable Content content) {}

  /** A message in a batch. */
  private record Wanted(int index, long octets) {}

  Retrieval(Maildrop maildrop, BitSet deleted, Reading reading) {
    this.maildrop = maildrop;
    this.deleted = deleted;
    this.reading = reading;
  }

  /** A whole message. Fails when it is gone. */
  Future<Content> whole(int index) {
    boolean inOrder = index == last + 1 || last == NOWHERE;
    Content content = takeReady(index);
    if (content == null && fetching != null && index <= fetchedTo && index > last) {
      return fetching.transform(done -> whole(index));
    }
    last = index;
    if (!inOrder && content == null && fetching == null) {
      drop(ready.size());
      fetchedTo = index;
    }
    if (inOrder) {
      fetch(Math.max(index, fetchedTo) + 1);
    }
    return content != null
        ? Future.succeededFuture(content)
        : reading.workers().run(() -> read(ContentReader.whole(maildrop.open(index))));
  }

  /** The header of a message and some lines. Fails when it is gone. */
  Future<Content> top(int index, long lines) {
    return reading.workers().run(() -> read(ContentReader.top(maildrop.open(index), lines)));
  }

  /** Lets go of what was read ahead. */
  void close() {
    closed = true;
    drop(ready.size());
  }

  // An empty file would be no message; ends of files are seen with their last octets.
  private Content read(ContentReader reader) throws IOException {
    try {
      return new Content(reader, reader.next(), reading.workers());
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private @Nullable Content takeReady(int index) {
    while (!ready.isEmpty() && ready.peek().index() < index) {
      drop(1);
    }
    if (ready.isEmpty() || ready.peek().index() > index) {
      return null;
    }
    Ready next = ready.remove();
    reading.ahead().give(next.taken());
    return next.content();
  }

  private void drop(int count) {
    for (int i = 0; i < count; i++) {
      Ready dropped = ready.remove();
      reading.ahead().give(dropped.taken());
      if (dropped.content() != null) {
        dropped.content().close();
      }
    }
  }

  /** Reads small messages from an index on, unless there is enough already. */
  private void fetch(int from) {
    long waiting = ready.stream().mapToLong(Ready::taken).sum();
    if (fetching != null || waiting > BATCH / 2) {
      return;
    }
    List<Wanted> batch = new ArrayList<>();
    long octets = 0;
    int index = deleted.nextClearBit(from);
    while (index < maildrop.count() && fits(index, octets)) {
      octets += maildrop.size(index);
      batch.add(new Wanted(index, maildrop.size(index)));
      index = deleted.nextClearBit(index + 1);
    }
    if (batch.isEmpty() || !reading.ahead().take(octets)) {
      fetchedTo = Math.max(last, ready.isEmpty() ? NOWHERE : fetchedTo);
      return;
    }
    fetchedTo = batch.getLast().index();
    long taken = octets;
    // What is kept completes only after its outcome has been taken here: what the workers give may
    // be complete before anybody on this event loop has been told.
    Future<Void> outcome =
        reading.workers().run(() -> readAll(batch)).transform(done -> fetched(done, taken));
    fetching = outcome.isComplete() ? null : outcome;
  }

  private boolean fits(int index, long before) {
    long size = maildrop.size(index);
    return size <= SMALL && before + size <= BATCH;
  }

  private Future<Void> fetched(AsyncResult<List<Ready>> batch, long taken) {
    fetching = null;
    if (batch.succeeded()) {
      ready.addAll(batch.result());
    } else {
      reading.ahead().give(taken);
    }
    if (closed) {
      drop(ready.size());
    }
    return Future.succeededFuture();
  }

  /** Blocking. What can't be read is left to be found out when it is asked for. */
  private List<Ready> readAll(List<Wanted> batch) {
    List<Ready> all = new ArrayList<>(batch.size());
    for (Wanted wanted : batch) {
      Content content = null;
      try (FileChannel file = maildrop.open(wanted.index())) {
        ContentReader reader = ContentReader.whole(file);
        if (reader.size() <= SMALL) {
          content = new Content(reader, reader.next(), reading.workers());
        }
      } catch (IOException e) {
        // The same happens again when it is asked for, and is told then.
      }
      all.add(new Ready(wanted.index(), wanted.octets(), content));
    }
    return all;
  }
}
