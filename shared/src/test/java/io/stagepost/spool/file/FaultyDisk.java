package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A real disk that fails when it is told to. */
public final class FaultyDisk implements Disk {

  /** A disk call. */
  public enum Call {
    CREATE,
    WRITE,
    SYNC,
    RENAME,
    SYNC_DIRECTORY,
    DELETE
  }

  /** Decides before each call whether it fails. */
  public interface Trap {
    /** Throws what the call is to fail with. */
    void spring(Call call, Path path) throws IOException;
  }

  private final Disk real = new LocalDisk();
  private volatile Trap trap = (call, path) -> {};

  /** Sets what goes wrong from now on. */
  public void trap(Trap next) {
    trap = next;
  }

  /** Makes one kind of call on names with an ending fail. */
  public void fail(Call failing, String suffix, String message) {
    trap(
        (call, path) -> {
          if (call == failing && path.toString().endsWith(suffix)) {
            throw new IOException(message);
          }
        });
  }

  /** The disk is whole again. */
  public void heal() {
    trap = (call, path) -> {};
  }

  @Override
  public Output create(Path path) throws IOException {
    trap.spring(Call.CREATE, path);
    Output out = real.create(path);
    return new Output() {
      @Override
      public void write(ByteBuffer data) throws IOException {
        trap.spring(Call.WRITE, path);
        out.write(data);
      }

      @Override
      public void sync() throws IOException {
        trap.spring(Call.SYNC, path);
        out.sync();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  @Override
  public Input open(Path path) throws IOException {
    return real.open(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    trap.spring(Call.RENAME, to);
    real.rename(from, to);
  }

  @Override
  public boolean delete(Path path) throws IOException {
    trap.spring(Call.DELETE, path);
    return real.delete(path);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    trap.spring(Call.SYNC_DIRECTORY, directory);
    real.syncDirectory(directory);
  }

  @Override
  public Log openLog(Path path) throws IOException {
    trap.spring(Call.CREATE, path);
    Log log = real.openLog(path);
    return new Log() {
      @Override
      public void write(ByteBuffer data, long at) throws IOException {
        trap.spring(Call.WRITE, path);
        log.write(data, at);
      }

      @Override
      public void sync() throws IOException {
        trap.spring(Call.SYNC, path);
        log.sync();
      }

      @Override
      public void close() throws IOException {
        log.close();
      }
    };
  }

  @Override
  public void syncAll(Path directory) throws IOException {
    real.syncAll(directory);
  }

  @Override
  public boolean canSyncAll() {
    return real.canSyncAll();
  }

  @Override
  public String session() {
    return real.session();
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
