package io.stagepost.spool.file;

import io.stagepost.spool.Envelope;
import io.stagepost.spool.Spool.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Makes a written message durable and visible, or removes it. */
final class Committer {

  private final SpoolStore store;
  private final Disk disk;
  private final DirectorySync directorySync;

  private enum DirectorySync {
    EACH,
    NONE
  }

  Committer(SpoolStore store) {
    this.store = store;
    this.disk = store.disk();
    this.directorySync =
        switch (store.options().sync()) {
          case ALWAYS -> DirectorySync.EACH;
          case NEVER -> DirectorySync.NONE;
          case AUTO ->
              HostFacts.syncsEntryWithFile(store.directory())
                  ? DirectorySync.NONE
                  : DirectorySync.EACH;
        };
  }

  Disk.Output createContent(String stem) throws IOException {
    return disk.create(store.path(stem, SpoolFiles.CONTENT));
  }

  /** A small message, whole. */
  record Small(Node node, String stem, Envelope envelope, ByteBuffer content) {}

  /**
   * Has the journal make a message durable, then writes its files.
   *
   * <p>The journal's thread writes the files of all messages: in one directory only one thread can
   * make files at a time, and the others would burn their time waiting for that.
   *
   * @param outcome told once, on any thread, if this is true
   * @return false when the journal takes no messages now; nothing has been done then
   */
  boolean commitByJournal(Small message, Journal.Outcome outcome) {
    Journal journal = store.journal(message.node());
    if (journal == null) {
      return false;
    }
    ByteBuffer envelope = ByteBuffer.wrap(EnvelopeFormat.write(message.envelope()));
    JournalRecord.Stored record =
        new JournalRecord.Stored(message.stem(), message.content(), envelope);
    return journal.store(
        record, failure -> outcome.ended(failure != null ? failure : show(record)));
  }

  private void write(String stem, String suffix, ByteBuffer octets) throws IOException {
    try (Disk.Output out = disk.create(store.path(stem, suffix))) {
      out.write(octets.duplicate());
    }
  }

  private @Nullable Exception show(JournalRecord.Stored message) {
    String stem = message.stem();
    try {
      write(stem, SpoolFiles.CONTENT, message.content());
      write(stem, SpoolFiles.NEW, message.envelope());
      store.rename(stem, SpoolFiles.NEW, SpoolFiles.READY);
      store.locked(stem, () -> store.index().put(stem, State.READY));
      return null;
    } catch (IOException | RuntimeException e) {
      // It must not come back after a crash: the sender is told that it was not taken.
      store.gone(stem);
      return e;
    }
  }

  /** Writes the envelope and puts the message into place; its content is on the disk already. */
  void commit(Node node, String stem, Envelope envelope, long size) throws IOException {
    byte[] octets =
        directorySync == DirectorySync.NONE
            ? EnvelopeFormat.writeCommitted(envelope, size)
            : EnvelopeFormat.write(envelope);
    try (Disk.Output out = disk.create(store.path(stem, SpoolFiles.NEW))) {
      out.write(ByteBuffer.wrap(octets));
      out.sync();
    }
    node.guarded(
        () -> {
          store.rename(stem, SpoolFiles.NEW, SpoolFiles.READY);
          return null;
        });
    if (directorySync == DirectorySync.EACH) {
      syncDirectory(stem);
    }
    store.locked(stem, () -> store.index().put(stem, State.READY));
  }

  private void syncDirectory(String stem) throws IOException {
    try {
      disk.syncDirectory(store.directory());
    } catch (IOException e) {
      try {
        store.rename(stem, SpoolFiles.READY, SpoolFiles.NEW);
      } catch (NoSuchFileException taken) {
        // Another process has claimed it already: the sender's repeat will be a second copy.
        throw new TakenException(e);
      }
      throw e;
    }
  }

  /** The message went to another owner before its commit was complete; its files are not ours. */
  static final class TakenException extends IOException {
    private static final long serialVersionUID = 1L;

    TakenException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Removes what was written, now or as soon as the disk allows. */
  void discard(String stem) {
    SpoolWorkers.Job<Void> removal =
        () -> {
          // The envelope first: content alone is never taken for a message.
          store.delete(stem, SpoolFiles.NEW);
          store.delete(stem, SpoolFiles.CONTENT);
          return null;
        };
    try {
      removal.run();
    } catch (IOException e) {
      SpoolStore.LOG.warn("spool: can't remove {} yet: {}", stem, e.toString());
      store.limbo().add(removal);
    }
  }
}
