package io.stagepost.spool.file;

import io.stagepost.spool.file.EnvelopeReader.UnreadableException;
import io.stagepost.spool.file.JournalRecord.Gone;
import io.stagepost.spool.file.JournalRecord.Start;
import io.stagepost.spool.file.JournalRecord.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages anew from the journals of dead owners, when the system has stopped since: then
 * their files may have lost what was not synced.
 *
 * <p>A message that was delivered just before, without the note of it having reached the disk, is
 * made anew too, and so delivered once more.
 */
final class JournalReplay {

  // The one to go on with first, where a lost rename has left several: rather a repeat than a loss.
  private static final List<String> ENVELOPES =
      List.of(SpoolFiles.BUSY, SpoolFiles.READY, SpoolFiles.BAD, SpoolFiles.HELD, SpoolFiles.NEW);

  private static final List<String> GONE =
      List.of(SpoolFiles.READY, SpoolFiles.BUSY, SpoolFiles.NEW, SpoolFiles.CONTENT);

  private final SpoolStore store;
  private final Disk disk;

  private enum Index {
    NOT_LOADED,
    LOADED
  }

  JournalReplay(SpoolStore store) {
    this.store = store;
    this.disk = store.disk();
  }

  /** The journals whose owners have no file any more. */
  void orphans() throws IOException {
    Set<String> owners = new HashSet<>();
    List<Path> journals = new ArrayList<>();
    disk.list(
        store.directory(),
        name -> {
          if (name.startsWith(SpoolFiles.NODE_PREFIX)) {
            owners.add(SpoolFiles.journalOf(name));
          } else if (name.startsWith(SpoolFiles.JOURNAL_PREFIX)) {
            journals.add(store.directory().resolve(name));
          }
        });
    journals.removeIf(
        path -> {
          String name = path.getFileName().toString();
          return owners.contains(name.substring(0, name.lastIndexOf('.')));
        });
    replay(journals, Index.NOT_LOADED);
  }

  /** The journal of a dead owner. */
  void of(Path nodeFile) throws IOException {
    String name = SpoolFiles.journalOf(nodeFile.getFileName().toString());
    List<Path> journals = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Path path = store.directory().resolve(name + "." + i);
      if (disk.exists(path)) {
        journals.add(path);
      }
    }
    replay(journals, Index.LOADED);
  }

  private void replay(List<Path> journals, Index index) throws IOException {
    if (journals.isEmpty()) {
      return;
    }
    // What left the spool may stand in another journal than its arrival.
    Set<String> gone = new HashSet<>();
    disk.list(
        store.directory(),
        name -> {
          if (name.startsWith(SpoolFiles.JOURNAL_PREFIX)) {
            gone.addAll(goneIn(store.directory().resolve(name)));
          }
        });
    for (Path journal : journals) {
      for (String stem : replay(journal, gone)) {
        if (index == Index.LOADED) {
          store.look(stem);
        }
      }
    }
    // In the background, as all that was written may have to go to the disk first. When the process
    // ends before, the next one finds the journals without an owner.
    Thread.ofPlatform().daemon().name("stagepost-journal-removal").start(() -> remove(journals));
  }

  private void remove(List<Path> journals) {
    try {
      if (disk.canSyncAll()) {
        disk.syncAll(store.directory());
      } else {
        disk.syncDirectory(store.directory());
      }
      for (Path journal : journals) {
        disk.delete(journal);
      }
    } catch (IOException e) {
      SpoolStore.LOG.debug("spool: old journals stay for now: {}", e.toString());
    }
  }

  private Set<String> goneIn(Path journal) {
    Set<String> gone = new HashSet<>();
    try (JournalReader reader = new JournalReader(disk.open(journal))) {
      for (JournalRecord record = reader.next(); record != null; record = reader.next()) {
        if (record instanceof Gone left) {
          gone.add(left.stem());
        }
      }
    } catch (IOException e) {
      SpoolStore.LOG.warn("spool: can't read {}: {}", journal, e.toString());
    }
    return gone;
  }

  /** Names the messages that were changed. */
  private List<String> replay(Path journal, Set<String> gone) throws IOException {
    List<String> changed = new ArrayList<>();
    int restored = 0;
    try (JournalReader reader = new JournalReader(disk.open(journal))) {
      for (JournalRecord record = reader.next(); record != null; record = reader.next()) {
        if (record instanceof Start start && start.session().equals(disk.session())) {
          // Nothing that was written has been lost.
          return List.of();
        }
        if (record instanceof Stored stored && gone.contains(stored.stem())) {
          remove(stored.stem());
          changed.add(stored.stem());
        } else if (record instanceof Stored stored && restore(stored)) {
          restored++;
          changed.add(stored.stem());
        }
      }
    }
    if (restored > 0) {
      SpoolStore.LOG.info("spool: {} messages made anew from the journal", restored);
    }
    return changed;
  }

  private void remove(String stem) throws IOException {
    for (String suffix : GONE) {
      store.delete(stem, suffix);
    }
  }

  private boolean restore(Stored message) throws IOException {
    String stem = message.stem();
    String envelope = readableEnvelope(stem);
    boolean whole = hasContent(stem, message.content());
    boolean single = envelope != null && isOnly(stem, envelope);
    if (single && whole && !SpoolFiles.NEW.equals(envelope)) {
      return false;
    }
    if (!whole) {
      store.delete(stem, SpoolFiles.CONTENT);
      write(stem, SpoolFiles.CONTENT, message.content());
    }
    for (String suffix : ENVELOPES) {
      if (!suffix.equals(envelope)) {
        store.delete(stem, suffix);
      }
    }
    if (envelope == null) {
      write(stem, SpoolFiles.NEW, message.envelope());
    }
    if (envelope == null || envelope.equals(SpoolFiles.NEW)) {
      store.rename(stem, SpoolFiles.NEW, SpoolFiles.READY);
    }
    return true;
  }

  private boolean isOnly(String stem, String envelope) throws IOException {
    for (String suffix : ENVELOPES) {
      if (!suffix.equals(envelope) && store.exists(stem, suffix)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String readableEnvelope(String stem) throws IOException {
    for (String suffix : ENVELOPES) {
      Path path = store.path(stem, suffix);
      if (disk.exists(path)) {
        try {
          EnvelopeReader.parse(SpoolFiles.read(disk, path, SpoolFiles.ENVELOPE_LIMIT));
          return suffix;
        } catch (UnreadableException e) {
          SpoolStore.LOG.debug("spool: {} was not whole: {}", path, e.getMessage());
        }
      }
    }
    return null;
  }

  private boolean hasContent(String stem, ByteBuffer expected) throws IOException {
    Path path = store.path(stem, SpoolFiles.CONTENT);
    Optional<Disk.Stat> stat = disk.stat(path);
    if (stat.isEmpty() || stat.get().size() != expected.remaining()) {
      return false;
    }
    byte[] found = SpoolFiles.read(disk, path, expected.remaining());
    return ByteBuffer.wrap(found).equals(expected);
  }

  private void write(String stem, String suffix, ByteBuffer octets) throws IOException {
    try (Disk.Output out = disk.create(store.path(stem, suffix))) {
      out.write(octets.duplicate());
      if (!disk.canSyncAll()) {
        out.sync(); // otherwise that comes before the journal goes
      }
    }
  }
}
