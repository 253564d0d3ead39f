package io.stagepost.pop.maildrop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.spool.SpoolOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the table of a maildrop: from the one that was kept when nothing has changed since,
 * otherwise from the names in its directories, asking only for the sizes that are not known.
 * Blocking.
 */
abstract class Listing {

  // Below this, asking for the sizes takes no time worth a file.
  private static final int WORTH_KEEPING = 256;

  private final Path index;
  private final Path[] watched;

  /** A message that was found; its size is negative when it is still to be asked for. */
  record Found(String name, byte place, long size) {}

  /**
   * A listing.
   *
   * @param index where the table is kept
   * @param watched the directories that hold the names
   */
  Listing(Path index, Path... watched) {
    this.index = index;
    this.watched = watched.clone();
  }

  /** Names all messages, in no order. */
  abstract List<Found> names() throws IOException;

  /** The size of a message, or -1 when it is not one. */
  abstract long askSize(Found message) throws IOException;

  /** Whether a name always stands for the same octets. */
  abstract boolean isForEver(String name);

  MessageTable take() throws IOException {
    Optional<TableFile.Stored> kept = TableFile.load(index);
    Stamps now = Stamps.of(watched);
    if (kept.isPresent() && kept.get().stamps().equals(now)) {
      return kept.get().table();
    }
    MessageTable known = kept.map(TableFile.Stored::table).orElse(MessageTable.EMPTY);
    Merge merge = new Merge(known);
    MessageTable table = merge.run(names());
    boolean settled = now.areSettled(Instant.now());
    // Writing must not become the load when a few messages come with each visit.
    boolean changed = merge.asked >= WORTH_KEEPING || known.count() > 2 * table.count() + 16;
    boolean lasting = settled && table.count() >= WORTH_KEEPING;
    if (changed || lasting) {
      Stamps stamps = settled ? now : new Stamps(List.of());
      TableFile.save(index, new TableFile.Stored(stamps, table));
    }
    return table;
  }

  /** Puts what was found in the order of names, with the sizes that are known. */
  private final class Merge {

    private final MessageTable known;
    private int asked;

    private Merge(MessageTable known) {
      this.known = known;
    }

    MessageTable run(List<Found> found) throws IOException {
      MessageTable.Finder finder = known.finder();
      Found[] old = new Found[known.count()];
      List<Found> fresh = new ArrayList<>();
      for (Found message : found) {
        int at = finder.find(message.name().getBytes(UTF_8));
        if (at < 0) {
          fresh.add(message);
        } else {
          long size = isForEver(message.name()) ? known.size(at) : -1;
          old[at] = new Found(message.name(), message.place(), size);
        }
      }
      fresh.sort((a, b) -> SpoolOrder.compare(a.name(), b.name()));
      MessageTable.Builder table = new MessageTable.Builder(found.size());
      int next = 0;
      for (Found message : old) {
        if (message != null) {
          while (next < fresh.size()
              && SpoolOrder.compare(fresh.get(next).name(), message.name()) < 0) {
            add(table, fresh.get(next++));
          }
          add(table, message);
        }
      }
      while (next < fresh.size()) {
        add(table, fresh.get(next++));
      }
      return table.build();
    }

    private void add(MessageTable.Builder table, Found message) throws IOException {
      long size = message.size();
      if (size < 0) {
        size = askSize(message);
        asked++;
      }
      if (size >= 0) {
        table.add(message.name().getBytes(UTF_8), message.place(), size);
      }
    }
  }

  /** The names in a directory; none when it does not exist. */
  static String[] namesIn(Path directory) throws IOException {
    // Three times as fast as a directory stream, which makes a path of each name.
    String[] names = directory.toFile().list();
    if (names != null) {
      return names;
    }
    if (!Files.exists(directory)) {
      return new String[0];
    }
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory.toString());
    }
    throw new IOException("can't be read: " + directory);
  }

  /** The size of a plain file, or -1 when there is none. */
  static long sizeOf(Path file) throws IOException {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : -1;
    } catch (NoSuchFileException e) {
      return -1;
    }
  }
}
