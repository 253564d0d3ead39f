package io.stagepost.pop.maildrop;

import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory of messages as the spool has them: the spool itself, or one in it. What the forwarder
 * claims is gone for us, as it is for it what we remove.
 */
final class SpoolMaildrop implements Maildrop {

  // So many messages are removed at the same time.
  private static final int AT_ONCE = 16;

  private final Place place;
  private final MessageTable table;
  private final MaildropWorkers workers;
  private final @Nullable MaildropLock lock;

  /** Which directory it is. */
  sealed interface Place {

    Path directory();

    /** The relay's own spool, which must know of what is removed. */
    record Root(Path directory, Spool spool) implements Place {}

    /** A directory in the spool, whose messages may have their content in the spool. */
    record Named(Path directory, Path parent) implements Place {}
  }

  SpoolMaildrop(
      Place place, MessageTable table, MaildropWorkers workers, @Nullable MaildropLock lock) {
    this.place = place;
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
    return UniqueId.of(table.name(index), Integer.MAX_VALUE);
  }

  @Override
  public String id(int index) {
    String name = table.name(index);
    return name.substring(0, name.length() - SpoolListing.CONTENT.length());
  }

  @Override
  public FileChannel open(int index) throws IOException {
    return FileChannel.open(content(index), StandardOpenOption.READ);
  }

  private Path content(int index) {
    Path directory =
        place instanceof Place.Named named && table.place(index) == SpoolListing.PARENT
            ? named.parent()
            : place.directory();
    return directory.resolve(table.name(index));
  }

  @Override
  public Future<Void> remove(BitSet indexes) {
    return switch (place) {
      case Place.Root root -> removeFrom(root.spool(), indexes);
      case Place.Named named ->
          workers.run(
              () -> {
                SharedContent shared = new SharedContent(named.parent());
                for (int i = indexes.nextSetBit(0); i >= 0; i = indexes.nextSetBit(i + 1)) {
                  removeFrom(named, i, shared);
                }
                return null;
              });
    };
  }

  private void removeFrom(Place.Named named, int index, SharedContent shared) throws IOException {
    Files.deleteIfExists(named.directory().resolve(id(index) + SpoolListing.ENVELOPE));
    if (table.place(index) == SpoolListing.HERE) {
      Files.deleteIfExists(content(index));
    } else {
      shared.removeUnlessNeeded(id(index));
    }
  }

  private Future<Void> removeFrom(Spool spool, BitSet indexes) {
    List<Future<Void>> lanes = new ArrayList<>();
    int[] next = {0};
    for (int lane = 0; lane < AT_ONCE; lane++) {
      lanes.add(removeNext(spool, indexes, next));
    }
    return Future.join(lanes).mapEmpty();
  }

  private Future<Void> removeNext(Spool spool, BitSet indexes, int[] next) {
    int index = indexes.nextSetBit(next[0]);
    if (index < 0) {
      return Future.succeededFuture();
    }
    next[0] = index + 1;
    return spool
        .delete(new MessageId(id(index)))
        // Somebody has claimed it, or it is gone.
        .otherwiseEmpty()
        .compose(v -> removeNext(spool, indexes, next));
  }

  @Override
  public Future<Void> close() {
    return Maildrops.release(lock, workers);
  }
}
