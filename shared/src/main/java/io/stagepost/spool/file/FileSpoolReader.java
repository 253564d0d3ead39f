package io.stagepost.spool.file;

import io.stagepost.spool.SpoolReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads content; what fits into one piece costs one hop to the workers. */
final class FileSpoolReader implements SpoolReader {

  private static final int PIECE = 64 << 10;

  private final Path path;
  private final Disk disk;
  private final SpoolWorkers workers;

  // Guarded by this, which is held for the whole of a disk call; only workers wait for it.
  private Disk.@Nullable Input in;
  private long left;
  private volatile boolean closed;
  private volatile boolean open;

  FileSpoolReader(Path path, long size, Disk disk, SpoolWorkers workers) {
    this.path = path;
    this.left = size;
    this.disk = disk;
    this.workers = workers;
  }

  @Override
  public Future<Buffer> read() {
    return closed
        ? Future.failedFuture(new IllegalStateException("the reader is closed"))
        : workers.run(this::readPiece);
  }

  private synchronized Buffer readPiece() throws IOException {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    if (left == 0) {
      release();
      return Buffer.buffer();
    }
    Disk.Input source = in;
    if (source == null) {
      source = disk.open(path);
      in = source;
      open = true;
    }
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(left, PIECE));
    while (piece.hasRemaining()) {
      if (source.read(piece) < 0) {
        release();
        throw new IOException("content is shorter than it was: " + path);
      }
    }
    left -= piece.position();
    if (left == 0 || closed) {
      release();
    }
    byte[] octets = piece.array();
    return Buffer.buffer(
        octets.length == piece.position() ? octets : Arrays.copyOf(octets, piece.position()));
  }

  private synchronized void release() throws IOException {
    Disk.Input source = in;
    in = null;
    open = false;
    if (source != null) {
      source.close();
    }
  }

  @Override
  public Future<Void> close() {
    closed = true;
    if (!open) {
      return Future.succeededFuture();
    }
    return workers.run(
        () -> {
          release();
          return null;
        });
  }
}
