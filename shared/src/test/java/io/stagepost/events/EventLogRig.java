package io.stagepost.events;

import static io.stagepost.spool.Await.await;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLog.Fate;
import io.stagepost.events.EventPage.Entry;
import io.stagepost.spool.MemorySpool;
import io.stagepost.spool.file.FaultyDisk;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Event logs in a directory, on a disk that can fail and by a clock that can be set. */
final class EventLogRig implements AutoCloseable {

  final Vertx vertx = Vertx.vertx();
  final FaultyDisk disk = new FaultyDisk();
  final MemorySpool spool = new MemorySpool();
  private final Path directory;
  private final List<FileEventLog> open = new ArrayList<>();
  private volatile Instant now = Instant.now();

  EventLogRig(Path directory) {
    this.directory = directory;
  }

  EventLogOptions options(long size) {
    return new EventLogOptions(directory, size, Duration.ofDays(7));
  }

  FileEventLog open() {
    return open(1 << 20);
  }

  FileEventLog open(long size) {
    FileEventLog log = FileEventLog.create(vertx, options(size), spool, disk, () -> now);
    open.add(log);
    await(log.open());
    return log;
  }

  void close(FileEventLog log) {
    open.remove(log);
    await(log.close());
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  Instant now() {
    return now;
  }

  /** An event that is told by its number. */
  DeliveryEvent event(String id, int number) {
    return event(DeliveryEvent.Type.RECEIVED, id, number);
  }

  DeliveryEvent event(DeliveryEvent.Type type, String id, int number) {
    return new DeliveryEvent(type, now.plusMillis(number), "relay", id, Map.of("number", number));
  }

  /** Appends events with these numbers, about messages {@code m<number>}. */
  void append(EventLog log, int from, int to) {
    List<Future<Void>> all = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      all.add(log.append(event("m" + i, i), Fate.OPEN));
    }
    await(Future.join(all));
  }

  static List<Integer> numbers(List<Entry> entries) {
    return entries.stream().map(e -> e.event().getInteger("number")).toList();
  }

  /** The numbers of all events after a cursor, read in pages. */
  static List<Integer> readAll(EventLog log, Cursor after, int page) {
    List<Integer> all = new ArrayList<>();
    EventPage read = await(log.read(after, page));
    while (!read.entries().isEmpty()) {
      all.addAll(numbers(read.entries()));
      read = await(log.read(read.next(), page));
    }
    return all;
  }

  /** The files of the log, oldest first. */
  List<Path> segments() {
    try (Stream<Path> files = Files.walk(options(1).events())) {
      return files
          .filter(f -> f.toString().endsWith(".jsonl"))
          .sorted((a, b) -> Long.compare(base(a), base(b)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long base(Path segment) {
    return Long.parseLong(segment.getFileName().toString().replace(".jsonl", ""));
  }

  @Override
  public void close() {
    List.copyOf(open).forEach(this::close);
    await(vertx.close());
  }
}
