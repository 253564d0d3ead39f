package io.stagepost.smtpserver;

import io.vertx.core.buffer.Buffer;

/** Counts the Received lines in a header that passes by (RFC 5321 §6.3). Not thread-safe. */
final class HopCounter {

  private static final byte[] NAME = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd', ':'};
  private static final int NOT_THE_NAME = -1;

  private int hops;
  private int matched; // octets of the name at the beginning of this line
  private int lineLength;
  private boolean inBody;

  int hops() {
    return hops;
  }

  /** Whether the header has passed, so that there is nothing more to count. */
  boolean isPastHeader() {
    return inBody;
  }

  void pass(Buffer octets) {
    int length = octets.length();
    for (int i = 0; i < length && !inBody; i++) {
      byte b = octets.getByte(i);
      if (b == '\n') {
        inBody = lineLength == 0;
        lineLength = 0;
        matched = 0;
      } else if (b != '\r') {
        lineLength++;
        match(b);
      }
    }
  }

  private void match(byte b) {
    if (matched == NOT_THE_NAME) {
      return;
    }
    byte lower = b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    matched = lower == NAME[matched] ? matched + 1 : NOT_THE_NAME;
    if (matched == NAME.length) {
      hops++;
      matched = NOT_THE_NAME;
    }
  }
}
