package io.stagepost.spool.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk that knows what would be left of it when the power went. After a given number of changes
 * it takes down what the files would be, then works on as if nothing had happened.
 */
public final class PowerCut implements Disk {

  /** What a file system promises. */
  public enum Semantics {
    /** Entries become durable by syncing the directory only; others survive in any mixture. */
    STRICT,
    /** Syncing a file makes the entry of its creation durable; the rest survives in order. */
    JOURNAL
  }

  private final Disk real = new LocalDisk();
  private final Semantics semantics;
  private final Random random;
  private final Runnable onCut;
  private int countdown;

  private final Map<String, Inode> current = new HashMap<>();
  private final Map<String, Inode> durable = new HashMap<>();
  private final List<Change> pending = new ArrayList<>();
  private @Nullable Map<String, byte[]> survivors;

  private static final class Inode {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private byte[] synced = {};
    // Of a file that is overwritten in place, since its last sync.
    private final List<Overwrite> overwrites = new ArrayList<>();
  }

  private static final class Overwrite {
    private final int at;
    private final byte[] octets;

    Overwrite(int at, byte[] octets) {
      this.at = at;
      this.octets = octets;
    }

    byte[] apply(byte[] file, int length) {
      byte[] result = Arrays.copyOf(file, Math.max(file.length, at + length));
      System.arraycopy(octets, 0, result, at, length);
      return result;
    }
  }

  /** A change of the directory: the inode leaves one name and gets another. */
  private record Change(Inode inode, @Nullable String from, @Nullable String to) {

    void apply(Map<String, Inode> entries) {
      if (from != null && entries.get(from) == inode) {
        entries.remove(from);
      }
      if (to != null) {
        entries.put(to, inode);
      }
    }
  }

  /**
   * A disk about to lose power.
   *
   * @param changes how many changes it still makes
   * @param onCut runs at that moment
   */
  public PowerCut(Semantics semantics, int changes, Random random, Runnable onCut) {
    this.semantics = semantics;
    this.countdown = changes;
    this.random = random;
    this.onCut = onCut;
  }

  /** Writes what survived into a directory. */
  public synchronized void restore(Path directory) throws IOException {
    if (survivors == null) {
      cut();
    }
    for (Map.Entry<String, byte[]> file : survivors.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }

  private void changed() {
    if (countdown-- == 0 && survivors == null) {
      cut();
    }
  }

  private void cut() {
    Map<String, Inode> left = new HashMap<>(durable);
    int prefix = random.nextInt(pending.size() + 1);
    for (int i = 0; i < pending.size(); i++) {
      boolean survives = semantics == Semantics.JOURNAL ? i < prefix : random.nextBoolean();
      if (survives) {
        pending.get(i).apply(left);
      }
    }
    Map<String, byte[]> files = new HashMap<>();
    left.forEach((name, inode) -> files.put(name, remains(inode)));
    survivors = files;
    onCut.run();
  }

  private byte[] remains(Inode inode) {
    if (!inode.overwrites.isEmpty()) {
      byte[] file = inode.synced;
      for (Overwrite overwrite : inode.overwrites) {
        file = overwrite.apply(file, random.nextInt(overwrite.octets.length + 1));
      }
      return file;
    }
    byte[] written = written(inode);
    int extra = written.length - inode.synced.length;
    return Arrays.copyOf(written, inode.synced.length + random.nextInt(extra + 1));
  }

  private static byte[] written(Inode inode) {
    if (inode.written.size() > 0) {
      return inode.written.toByteArray();
    }
    byte[] file = inode.synced;
    for (Overwrite overwrite : inode.overwrites) {
      file = overwrite.apply(file, overwrite.octets.length);
    }
    return file;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  @Override
  public Output create(Path path) throws IOException {
    Inode inode = new Inode();
    Output out = real.create(path);
    synchronized (this) {
      changed();
      current.put(name(path), inode);
      pending.add(new Change(inode, null, name(path)));
    }
    return new Output() {
      @Override
      public void write(ByteBuffer data) throws IOException {
        synchronized (PowerCut.this) {
          changed();
          byte[] octets = new byte[data.remaining()];
          data.duplicate().get(octets);
          inode.written.writeBytes(octets);
        }
        out.write(data);
      }

      @Override
      public void sync() {
        PowerCut.this.sync(inode);
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  private synchronized void sync(Inode inode) {
    changed();
    inode.synced = written(inode);
    inode.overwrites.clear();
    if (semantics == Semantics.JOURNAL) {
      pending.removeIf(
          change -> {
            boolean creation = change.inode == inode && change.from == null;
            if (creation) {
              change.apply(durable);
            }
            return creation;
          });
    }
    changed();
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
    synchronized (this) {
      changed();
      Inode inode = current.remove(name(from));
      if (inode != null) {
        current.put(name(to), inode);
        pending.add(new Change(inode, name(from), name(to)));
      }
    }
  }

  @Override
  public boolean delete(Path path) throws IOException {
    boolean deleted = real.delete(path);
    synchronized (this) {
      changed();
      Inode inode = current.remove(name(path));
      if (inode != null) {
        pending.add(new Change(inode, name(path), null));
      }
    }
    return deleted;
  }

  @Override
  public synchronized void syncDirectory(Path directory) {
    changed();
    pending.forEach(change -> change.apply(durable));
    pending.clear();
    changed();
  }

  @Override
  public Log openLog(Path path) throws IOException {
    Inode inode = new Inode();
    synchronized (this) {
      changed();
      current.put(name(path), inode);
      pending.add(new Change(inode, null, name(path)));
    }
    Log log = real.openLog(path);
    return new Log() {
      @Override
      public void write(ByteBuffer data, long at) throws IOException {
        byte[] octets = new byte[data.remaining()];
        data.duplicate().get(octets);
        synchronized (PowerCut.this) {
          changed();
          if (!isBlank(octets) || at == 0) { // room made with zeros is as good as none
            inode.overwrites.add(new Overwrite((int) at, octets));
          }
        }
        log.write(data, at);
      }

      @Override
      public void sync() {
        PowerCut.this.sync(inode);
      }

      @Override
      public void close() throws IOException {
        log.close();
      }
    };
  }

  private static boolean isBlank(byte[] octets) {
    for (byte octet : octets) {
      if (octet != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public synchronized void syncAll(Path directory) {
    changed();
    for (Inode inode : current.values()) {
      inode.synced = written(inode);
      inode.overwrites.clear();
    }
    syncDirectory(directory);
  }

  @Override
  public boolean canSyncAll() {
    return true;
  }

  @Override
  public String session() {
    return "before the cut";
  }

  @Override
  public Input open(Path path) throws IOException {
    return real.open(path);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return real.exists(path);
  }

  @Override
  public Optional<Stat> stat(Path path) throws IOException {
    return real.stat(path);
  }

  @Override
  public void list(Path directory, Consumer<String> names) throws IOException {
    real.list(directory, names);
  }
}
