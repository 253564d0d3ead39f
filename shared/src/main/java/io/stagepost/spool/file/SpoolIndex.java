package io.stagepost.spool.file;

import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.Entry;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.SpoolOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the spool by state and in order, in memory: about a hundred octets each. Reading
 * needs no lock. Grows with the directory, which is its bound.
 */
final class SpoolIndex {

  private record Due(String stem, long millis) {}

  private static final Due NONE = new Due("", 0);
  private static final long UNKNOWN = Long.MAX_VALUE;

  private final Map<State, ConcurrentNavigableMap<String, Due>> states = new EnumMap<>(State.class);
  private final Map<State, AtomicLong> counts = new EnumMap<>(State.class);
  private final ConcurrentSkipListSet<Due> schedule =
      new ConcurrentSkipListSet<>(SpoolIndex::byTime);

  SpoolIndex() {
    for (State state : State.values()) {
      states.put(state, new ConcurrentSkipListMap<>(SpoolOrder::compare));
      counts.put(state, new AtomicLong());
    }
  }

  private static int byTime(Due a, Due b) {
    int order = Long.compare(a.millis(), b.millis());
    return order != 0 ? order : SpoolOrder.compare(a.stem(), b.stem());
  }

  /** Puts a message into a state; tells which it was in before. */
  synchronized @Nullable State put(String stem, State state) {
    return put(stem, state, NONE);
  }

  /** Puts a message into a state when none of that name can be there yet. */
  synchronized void load(String stem, State state) {
    if (map(state).put(stem, NONE) == null) {
      count(state, 1);
    }
  }

  /** Makes a message wait. */
  synchronized @Nullable State defer(String stem, Instant until) {
    return put(stem, State.DEFERRED, new Due(stem, Math.max(0, until.toEpochMilli())));
  }

  /** Makes a message wait for a time that is still to be read. */
  synchronized void deferUnknown(String stem) {
    put(stem, State.DEFERRED, new Due(stem, UNKNOWN));
  }

  private @Nullable State put(String stem, State state, Due due) {
    // The new entry first, so that a reader never finds the message nowhere.
    Due same = map(state).put(stem, due);
    State before = same == null ? takeOut(stem, state) : state;
    if (same == null) {
      count(state, 1);
    } else {
      schedule.remove(same);
    }
    if (state == State.DEFERRED && due.millis() != UNKNOWN) {
      schedule.add(due);
    }
    return before;
  }

  /** Forgets a message; tells which state it was in. */
  synchronized @Nullable State remove(String stem) {
    return takeOut(stem, null);
  }

  private @Nullable State takeOut(String stem, @Nullable State except) {
    for (State state : State.values()) {
      Due due = state == except ? null : map(state).remove(stem);
      if (due != null) {
        count(state, -1);
        if (state == State.DEFERRED) {
          schedule.remove(due);
        }
        return state;
      }
    }
    return null;
  }

  /** Makes those ready whose time has come, at most a thousand at once, and tells which. */
  synchronized List<String> due(Instant now) {
    List<String> ready = new ArrayList<>();
    while (!schedule.isEmpty() && ready.size() < 1000) {
      Due first = schedule.first();
      if (first.millis() > now.toEpochMilli()) {
        break;
      }
      put(first.stem(), State.READY, NONE);
      ready.add(first.stem());
    }
    return ready;
  }

  @Nullable State state(String stem) {
    State seen = stateSeen(stem);
    if (seen != null) {
      return seen;
    }
    // It may have gone from a state not yet looked at to one looked at before.
    synchronized (this) {
      return stateSeen(stem);
    }
  }

  private @Nullable State stateSeen(String stem) {
    for (State state : State.values()) {
      if (map(state).containsKey(stem)) {
        return state;
      }
    }
    return null;
  }

  Optional<Entry> find(MessageId id) {
    Optional<Entry> seen = seen(id);
    if (seen.isPresent()) {
      return seen;
    }
    synchronized (this) {
      return seen(id);
    }
  }

  private Optional<Entry> seen(MessageId id) {
    for (State state : State.values()) {
      Due due = map(state).get(id.value());
      if (due != null) {
        return Optional.of(new Entry(id, state, instant(due)));
      }
    }
    return Optional.empty();
  }

  List<Entry> list(State state, @Nullable MessageId after, int limit) {
    NavigableMap<String, Due> from = map(state);
    if (after != null) {
      from = from.tailMap(after.value(), false);
    }
    List<Entry> page = new ArrayList<>(Math.min(limit, 256));
    for (Map.Entry<String, Due> next : from.entrySet()) {
      if (page.size() == limit) {
        break;
      }
      page.add(new Entry(new MessageId(next.getKey()), state, instant(next.getValue())));
    }
    return page;
  }

  /** Names every message in a state. */
  void each(State state, Consumer<String> stems) {
    map(state).keySet().forEach(stems);
  }

  long count(State state) {
    return counter(state).get();
  }

  private static Optional<Instant> instant(Due due) {
    return due.stem().isEmpty() || due.millis() == UNKNOWN
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(due.millis()));
  }

  private void count(State state, int change) {
    counter(state).addAndGet(change);
  }

  private AtomicLong counter(State state) {
    return Objects.requireNonNull(counts.get(state));
  }

  private ConcurrentNavigableMap<String, Due> map(State state) {
    return Objects.requireNonNull(states.get(state));
  }
}
