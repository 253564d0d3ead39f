package io.stagepost.telemetry;

import java.io.IOException;
import java.io.OutputStream;

/** Standard error, until it is closed; then lines go nowhere. */
final class StandardErrorTarget implements LogTarget {

  private final OutputStream stream;
  private volatile boolean closed;

  StandardErrorTarget(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(byte[] lines, int length) throws IOException {
    if (!closed) {
      stream.write(lines, 0, length);
      stream.flush();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
