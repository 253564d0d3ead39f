package io.stagepost.pop.maildrop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Messages in order, each with a name, a place and a size, in four arrays: about twenty octets and
 * the name for each. Immutable.
 *
 * <p>What a place means is up to the maildrop. Names are unique, whatever the place.
 */
final class MessageTable {

  static final MessageTable EMPTY = new Builder(0).build();

  private static final int FREE = -1;

  private final byte[] names;
  private final int[] ends;
  private final long[] sizes;
  private final byte[] places;

  private MessageTable(byte[] names, int[] ends, long[] sizes, byte[] places) {
    this.names = names;
    this.ends = ends;
    this.sizes = sizes;
    this.places = places;
  }

  int count() {
    return ends.length;
  }

  String name(int index) {
    int from = start(index);
    return new String(names, from, ends[index] - from, UTF_8);
  }

  long size(int index) {
    return sizes[index];
  }

  byte place(int index) {
    return places[index];
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  /** A way to find names; takes eight octets for each message. */
  Finder finder() {
    return new Finder();
  }

  /** Finds messages by the part of their names before a mark. */
  final class Finder {

    private final int[] slots;

    private Finder() {
      slots = new int[Integer.highestOneBit(Math.max(8, ends.length)) << 1];
      Arrays.fill(slots, FREE);
      for (int i = 0; i < ends.length; i++) {
        int slot = hash(names, start(i), keyEnd(names, start(i), ends[i])) & slots.length - 1;
        while (slots[slot] != FREE) {
          slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = i;
      }
    }

    /** The index of the message whose name is this up to the first colon, or -1. */
    int find(byte[] name) {
      int length = keyEnd(name, 0, name.length);
      int slot = hash(name, 0, length) & slots.length - 1;
      while (slots[slot] != FREE) {
        int at = slots[slot];
        int from = start(at);
        int end = keyEnd(names, from, ends[at]);
        if (Arrays.equals(names, from, end, name, 0, length)) {
          return at;
        }
        slot = slot + 1 & slots.length - 1;
      }
      return FREE;
    }
  }

  // What follows the colon in the names of a Maildir are flags, which come and go.
  private static int keyEnd(byte[] octets, int from, int to) {
    int i = from;
    while (i < to && octets[i] != ':') {
      i++;
    }
    return i;
  }

  private static int hash(byte[] octets, int from, int to) {
    int hash = 1;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + octets[i];
    }
    return hash ^ hash >>> 15;
  }

  /** Puts a table together. */
  static final class Builder {

    private byte[] names;
    private int[] ends;
    private long[] sizes;
    private byte[] places;
    private int count;
    private int end;

    Builder(int expected) {
      names = new byte[expected * 48];
      ends = new int[expected];
      sizes = new long[expected];
      places = new byte[expected];
    }

    void add(byte[] name, byte place, long size) {
      if (count == ends.length) {
        int room = Math.max(16, count * 2);
        ends = Arrays.copyOf(ends, room);
        sizes = Arrays.copyOf(sizes, room);
        places = Arrays.copyOf(places, room);
      }
      if (name.length > names.length - end) {
        names = Arrays.copyOf(names, Math.max(2 * names.length, end + name.length));
      }
      System.arraycopy(name, 0, names, end, name.length);
      end += name.length;
      ends[count] = end;
      sizes[count] = size;
      places[count] = place;
      count++;
    }

    MessageTable build() {
      return new MessageTable(
          Arrays.copyOf(names, end),
          Arrays.copyOf(ends, count),
          Arrays.copyOf(sizes, count),
          Arrays.copyOf(places, count));
    }
  }
}
