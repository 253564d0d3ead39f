package io.stagepost.spool.file;

import java.util.BitSet;

/**
 * A set of names by 64-bit hash, eight to sixteen octets each: a million names fit in 16 MB. A
 * collision makes a name seem present, which callers must be able to bear.
 */
final class Hashes {

  private long[] table;
  private final BitSet marks = new BitSet();
  private int size;

  /** A set that holds so many names without growing. */
  Hashes(long expected) {
    long octets = Math.clamp(expected * 2, 1024, 1 << 28);
    this.table = new long[Integer.highestOneBit((int) octets - 1) << 1];
  }

  void add(String name) {
    if (size * 3L > table.length * 2L) {
      grow();
    }
    if (put(table, hash(name))) {
      size++;
    }
  }

  boolean contains(String name) {
    return find(name) >= 0;
  }

  /** Marks a name if it is there; no name may be added afterwards. */
  boolean mark(String name) {
    int slot = find(name);
    if (slot >= 0) {
      marks.set(slot);
    }
    return slot >= 0;
  }

  boolean isMarked(String name) {
    int slot = find(name);
    return slot >= 0 && marks.get(slot);
  }

  private int find(String name) {
    long hash = hash(name);
    for (int i = slot(hash, table.length); table[i] != 0; i = (i + 1) & (table.length - 1)) {
      if (table[i] == hash) {
        return i;
      }
    }
    return -1;
  }

  private void grow() {
    long[] bigger = new long[table.length * 2];
    for (long hash : table) {
      if (hash != 0) {
        put(bigger, hash);
      }
    }
    table = bigger;
  }

  private static boolean put(long[] table, long hash) {
    int i = slot(hash, table.length);
    while (table[i] != 0) {
      if (table[i] == hash) {
        return false;
      }
      i = (i + 1) & (table.length - 1);
    }
    table[i] = hash;
    return true;
  }

  private static int slot(long hash, int length) {
    return (int) (hash >>> 20) & (length - 1);
  }

  private static long hash(String name) {
    long h = 1125899906842597L;
    for (int i = 0; i < name.length(); i++) {
      h = 31 * h + name.charAt(i);
    }
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 33;
    return h == 0 ? 1 : h;
  }
}
