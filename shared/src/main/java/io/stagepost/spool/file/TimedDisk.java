package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** A disk that tells how long each sync takes. */
public final class TimedDisk implements Disk {

  private final Disk disk;
  private final LongConsumer nanos;

  /**
   * Another disk, timed.
   *
   * @param nanos is told of each sync that succeeds, on any thread
   */
  public TimedDisk(Disk disk, LongConsumer nanos) {
    this.disk = disk;
    this.nanos = nanos;
  }

  private interface Sync {
    void run() throws IOException;
  }

  private void timed(Sync sync) throws IOException {
    long begun = System.nanoTime();
    sync.run();
    nanos.accept(System.nanoTime() - begun);
  }

  @Override
  public Output create(Path path) throws IOException {
    Output output = disk.create(path);
    return new Output() {
      @Override
      public void write(ByteBuffer data) throws IOException {
        output.write(data);
      }

      @Override
      public void sync() throws IOException {
        timed(output::sync);
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  @Override
  public Log openLog(Path path) throws IOException {
    Log log = disk.openLog(path);
    return new Log() {
      @Override
      public void write(ByteBuffer data, long at) throws IOException {
        log.write(data, at);
      }

      @Override
      public void sync() throws IOException {
        timed(log::sync);
      }

      @Override
      public void close() throws IOException {
        log.close();
      }
    };
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    timed(() -> disk.syncDirectory(directory));
  }

  @Override
  public void syncAll(Path directory) throws IOException {
    timed(() -> disk.syncAll(directory));
  }

  @Override
  public Input open(Path path) throws IOException {
    return disk.open(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public boolean delete(Path path) throws IOException {
    return disk.delete(path);
  }

  @Override
  public boolean canSyncAll() {
    return disk.canSyncAll();
  }

  @Override
  public String session() {
    return disk.session();
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return disk.exists(path);
  }

  @Override
  public Optional<Stat> stat(Path path) throws IOException {
    return disk.stat(path);
  }

  @Override
  public void list(Path directory, Consumer<String> names) throws IOException {
    disk.list(directory, names);
  }
}
