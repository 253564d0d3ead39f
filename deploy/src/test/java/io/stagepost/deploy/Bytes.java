package io.stagepost.deploy;

import java.io.ByteArrayOutputStream;

/** Byte arrays compared and changed. */
final class Bytes {

  private Bytes() {}

  /** Where a part first is, or -1. */
  static int indexOf(byte[] whole, byte[] part) {
    for (int i = 0; i <= whole.length - part.length; i++) {
      if (whole[i] == part[0] && startsAt(whole, i, part)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean startsAt(byte[] whole, int at, byte[] part) {
    for (int i = 0; i < part.length; i++) {
      if (whole[at + i] != part[i]) {
        return false;
      }
    }
    return true;
  }

  /** With every LF made CRLF, as a maildir has Unix line ends. */
  static byte[] withCrLf(byte[] unix) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(unix.length + unix.length / 32);
    for (byte b : unix) {
      if (b == '\n') {
        out.write('\r');
      }
      out.write(b);
    }
    return out.toByteArray();
  }
}
