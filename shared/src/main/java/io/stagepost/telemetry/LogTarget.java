package io.stagepost.telemetry;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;

/** Where lines go; used by one thread at a time. */
interface LogTarget extends Closeable {

  /** Whether lines of that time go elsewhere than those before, so that {@link #turn} is due. */
  default boolean turnsAt(Instant time) {
    return false;
  }

  /** Moves to where lines of that time go. */
  default void turn(Instant time) throws IOException {}

  /** Writes whole lines. */
  void write(byte[] lines, int length) throws IOException;
}
