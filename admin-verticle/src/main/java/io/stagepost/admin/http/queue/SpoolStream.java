package io.stagepost.admin.http.queue;

import io.stagepost.spool.SpoolReader;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The content of a message for libraries that read on workers; ends after so many octets. */
final class SpoolStream extends InputStream {

  private static final long PATIENCE_SECONDS = 30;

  private final SpoolReader reader;
  private byte[] piece = new byte[0];
  private int at;
  private long left;
  private boolean ended;
  private boolean cut;

  SpoolStream(SpoolReader reader, long most) {
    this.reader = reader;
    this.left = most;
  }

  /** Whether there was more than might be read. */
  boolean wasCut() {
    return cut;
  }

  @Override
  public int read() throws IOException {
    return fill() ? piece[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int some = Math.min(length, piece.length - at);
    System.arraycopy(piece, at, into, from, some);
    at += some;
    return some;
  }

  private boolean fill() throws IOException {
    if (at < piece.length) {
      return true;
    }
    if (ended) {
      return false;
    }
    Buffer next = next();
    if (next.length() == 0) {
      ended = true;
      return false;
    }
    if (left == 0) {
      cut = true;
      ended = true;
      return false;
    }
    int some = (int) Math.min(left, next.length());
    cut = some < next.length();
    ended = cut;
    left -= some;
    piece = next.getBytes(0, some);
    at = 0;
    return true;
  }

  private Buffer next() throws IOException {
    try {
      return reader
          .read()
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
