package io.stagepost.spool.file;

import io.stagepost.spool.Envelope;
import io.stagepost.spool.MessageId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages into a spool directory without opening the spool, for programs that only ever add
 * some; blocking. A running relay notices them as it does those of any other program.
 *
 * <p>A content has a name of its own until it is finished, and a lock, so that what a killed
 * process leaves can be told from what others write. A committed message is on the disk. Closing
 * removes what was not committed; that may be done by another thread, for instance when a signal
 * ends the process.
 */
public final class SpoolDeposit implements AutoCloseable {

  // Unfinished files of this process.
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final Disk disk;
  private final String prefix;
  private final List<Draft> open = new ArrayList<>();
  private int sequence;
  private boolean closed;

  private SpoolDeposit(Path directory, Disk disk) throws IOException {
    this.directory = directory;
    this.disk = disk;
    this.prefix = prefix();
  }

  /**
   * A deposit into an existing directory.
   *
   * @throws NotDirectoryException when there is none
   */
  public static SpoolDeposit into(Path directory) throws IOException {
    return into(directory, new LocalDisk());
  }

  static SpoolDeposit into(Path directory, Disk disk) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory.toString());
    }
    return new SpoolDeposit(directory, disk);
  }

  // The stems of an owner must not be used: it removes what it has left unfinished.
  private String prefix() throws IOException {
    long pid = ProcessHandle.current().pid();
    long second = Instant.now().getEpochSecond();
    while (disk.exists(directory.resolve(SpoolFiles.NODE_PREFIX + pid + "." + second))) {
      second++;
    }
    return "emailrelay." + pid + "." + second + ".";
  }

  /** Whether a file is an unfinished one of this process. */
  static boolean isOpen(Path unfinished) {
    return OPEN.contains(unfinished);
  }

  /** Begins a message. */
  public synchronized Draft begin() throws IOException {
    if (closed) {
      throw new IOException("interrupted");
    }
    while (true) {
      Draft draft = tryStem(prefix + ++sequence);
      if (draft != null) {
        open.add(draft);
        return draft;
      }
    }
  }

  private @Nullable Draft tryStem(String stem) throws IOException {
    Path unfinished = path(stem, SpoolFiles.UNFINISHED);
    Disk.Output content;
    try {
      content = disk.create(unfinished);
    } catch (FileAlreadyExistsException taken) {
      return null; // By a process of the same number in another container.
    }
    // Only now, as such a process may just have finished.
    if (disk.exists(path(stem, SpoolFiles.CONTENT)) || disk.exists(path(stem, SpoolFiles.READY))) {
      content.close();
      disk.delete(unfinished);
      return null;
    }
    return new Draft(stem, content);
  }

  // Ends with the process, or with the closing of the file. Where there are no locks, nothing can
  // be said of what is left.
  private static @Nullable FileChannel lock(Path file) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      channel.lock();
      return channel;
    } catch (IOException e) {
      return null;
    }
  }

  private Path path(String stem, String suffix) {
    return directory.resolve(stem + suffix);
  }

  /** Removes what was not committed. */
  @Override
  public synchronized void close() {
    closed = true;
    List.copyOf(open).forEach(Draft::discard);
  }

  // Whoever may only add to the directory can't open it. Syncing a file that was renamed writes
  // the rename as well on the file systems that keep a journal of such changes.
  private void syncEntry(Path file) throws IOException {
    try {
      disk.syncDirectory(directory);
    } catch (AccessDeniedException e) {
      disk.syncDirectory(file);
    }
  }

  /** A message being written. */
  public final class Draft extends OutputStream {

    private final String stem;
    private final Disk.Output content;
    private final @Nullable FileChannel guard;
    private boolean finished;
    private boolean placed;
    private long size;

    private Draft(String stem, Disk.Output content) {
      this.stem = stem;
      this.content = content;
      OPEN.add(written());
      this.guard = lock(written());
    }

    /** Its name. */
    public MessageId id() {
      return new MessageId(stem);
    }

    /** Its content file once it is committed. */
    public Path content() {
      return path(stem, SpoolFiles.CONTENT);
    }

    /** Its content file now. */
    public Path written() {
      return path(stem, placed ? SpoolFiles.CONTENT : SpoolFiles.UNFINISHED);
    }

    /** How many octets were written. */
    public long size() {
      return size;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
      content.write(ByteBuffer.wrap(octets, from, length));
      size += length;
    }

    /** Ends the content and makes it durable. */
    public void finish() throws IOException {
      if (!finished) {
        content.sync();
        content.close();
        finished = true;
      }
    }

    /** Makes the message durable and visible. */
    public void commit(Envelope envelope) throws IOException {
      prepare(envelope);
      synchronized (SpoolDeposit.this) {
        show();
      }
      syncEntry(path(stem, SpoolFiles.READY));
    }

    /**
     * Puts the envelope into each directory of the spool instead, beginning with a dot or not; it
     * stays in the spool as well when there is none, or one can't be written.
     *
     * @return the first failure, if any
     */
    public @Nullable IOException commitCopies(Envelope envelope) throws IOException {
      prepare(envelope);
      byte[] octets = EnvelopeFormat.write(envelope);
      List<Path> mailboxes = mailboxes();
      IOException failure = null;
      for (Path mailbox : mailboxes) {
        try {
          copy(octets, mailbox);
        } catch (IOException e) {
          failure = failure == null ? e : failure;
        }
      }
      synchronized (SpoolDeposit.this) {
        if (failure == null && !mailboxes.isEmpty() && open.remove(this)) {
          disk.delete(path(stem, SpoolFiles.NEW));
        } else {
          show();
        }
      }
      syncEntry(path(stem, SpoolFiles.CONTENT));
      return failure;
    }

    private void prepare(Envelope envelope) throws IOException {
      finish();
      EnvelopeFormat.check(envelope);
      write(EnvelopeFormat.write(envelope), path(stem, SpoolFiles.NEW));
      synchronized (SpoolDeposit.this) {
        checkOpen();
        disk.rename(written(), content());
        placed = true;
      }
      letGo();
    }

    private void letGo() throws IOException {
      OPEN.remove(path(stem, SpoolFiles.UNFINISHED));
      if (guard != null) {
        guard.close();
      }
    }

    private void checkOpen() throws IOException {
      if (!open.contains(this)) {
        throw new IOException("interrupted");
      }
    }

    private void write(byte[] octets, Path file) throws IOException {
      try (Disk.Output out = disk.create(file)) {
        out.write(ByteBuffer.wrap(octets));
        out.sync();
      }
    }

    private void show() throws IOException {
      checkOpen();
      disk.rename(path(stem, SpoolFiles.NEW), path(stem, SpoolFiles.READY));
      open.remove(this);
    }

    private List<Path> mailboxes() throws IOException {
      List<Path> found = new ArrayList<>();
      List<String> names = new ArrayList<>();
      disk.list(directory, names::add);
      for (String name : names) {
        Path entry = directory.resolve(name);
        if (disk.stat(entry).filter(stat -> stat.kind() == Disk.Kind.DIRECTORY).isPresent()) {
          found.add(entry);
        }
      }
      return found;
    }

    private void copy(byte[] octets, Path mailbox) throws IOException {
      Path unfinished = mailbox.resolve(stem + SpoolFiles.NEW);
      try {
        write(octets, unfinished);
        disk.rename(unfinished, mailbox.resolve(stem + SpoolFiles.READY));
      } catch (IOException e) {
        disk.delete(unfinished);
        throw e;
      }
      disk.syncDirectory(mailbox);
    }

    private void discard() {
      open.remove(this);
      try {
        content.close();
        // The envelope first: content alone is never taken for a message.
        disk.delete(path(stem, SpoolFiles.NEW));
        disk.delete(written());
        letGo();
      } catch (IOException e) {
        // What is left is no message, and the caller has an error to report already.
        finished = true;
      }
    }
  }
}
