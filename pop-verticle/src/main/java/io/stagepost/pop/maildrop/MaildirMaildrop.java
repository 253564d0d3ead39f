package io.stagepost.pop.maildrop;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Maildir. Flags and places of messages are left as they are; other programs may change them at
 * any time, which renames the files, so a file is looked for again when it is gone.
 */
final class MaildirMaildrop implements Maildrop {

  private final Path directory;
  private final MessageTable table;
  private final MaildropWorkers workers;
  private final @Nullable MaildropLock lock;

  // Guarded by this: where the files were when one was last missed, by the part that stays.
  private Map<String, Path> moved = Map.of();
  private @Nullable Stamps movedAt;

  MaildirMaildrop(
      Path directory, MessageTable table, MaildropWorkers workers, @Nullable MaildropLock lock) {
    this.directory = directory;
    this.table = table;
    this.workers = workers;
    this.lock = lock;
  }

  @Override
  public int count() {
    return table.count();
  }

  @Override
  public long size(int index) {
    return table.size(index);
  }

  @Override
  public String uniqueId(int index) {
    return UniqueId.of(id(index));
  }

  @Override
  public String id(int index) {
    return MaildirListing.base(table.name(index));
  }

  @Override
  public FileChannel open(int index) throws IOException {
    try {
      return FileChannel.open(path(index), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      Path now = find(id(index));
      if (now == null) {
        throw e;
      }
      return FileChannel.open(now, StandardOpenOption.READ);
    }
  }

  @Override
  public Future<Void> remove(BitSet indexes) {
    return workers.run(
        () -> {
          for (int i = indexes.nextSetBit(0); i >= 0; i = indexes.nextSetBit(i + 1)) {
            remove(i);
          }
          return null;
        });
  }

  private void remove(int index) throws IOException {
    if (!Files.deleteIfExists(path(index))) {
      Path now = find(id(index));
      if (now != null) {
        Files.deleteIfExists(now);
      }
    }
  }

  private Path path(int index) {
    return MaildirListing.place(directory, table.place(index)).resolve(table.name(index));
  }

  private synchronized @Nullable Path find(String base) throws IOException {
    Path fresh = MaildirListing.place(directory, MaildirListing.NEW);
    Path current = MaildirListing.place(directory, MaildirListing.CUR);
    Stamps now = Stamps.of(fresh, current);
    if (!now.equals(movedAt)) {
      Map<String, Path> found = new HashMap<>();
      for (String name : Listing.namesIn(fresh)) {
        found.put(MaildirListing.base(name), fresh.resolve(name));
      }
      for (String name : Listing.namesIn(current)) {
        found.put(MaildirListing.base(name), current.resolve(name));
      }
      moved = found;
      movedAt = now;
    }
    return moved.get(base);
  }

  @Override
  public Future<Void> close() {
    return Maildrops.release(lock, workers);
  }
}
