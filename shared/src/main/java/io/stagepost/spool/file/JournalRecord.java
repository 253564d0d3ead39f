package io.stagepost.spool.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A record of the journal.
 *
 * <p>On disk: a magic number, the length of the body, the generation of the segment, a checksum of
 * generation, type and body, the type, the body. A record of another generation than the first is
 * left from an earlier use of the file and ends the reading, as does one that is not whole.
 */
sealed interface JournalRecord {

  int MAGIC = 0x53504a31;
  int HEAD = 4 + 4 + 8 + 4 + 1;
  // The longest stem, and room for lengths.
  int BODY_EXTRA = 2 + 4 + 1024;

  /** Begins a segment; the session tells whether files can have lost what was not synced. */
  record Start(String session) implements JournalRecord {}

  /** A message that was acknowledged, with the octets of its two files. */
  record Stored(String stem, ByteBuffer content, ByteBuffer envelope) implements JournalRecord {}

  /** A message that was delivered or deleted. */
  record Gone(String stem) implements JournalRecord {}

  /** How many octets the record takes at the most. */
  default int limit() {
    return switch (this) {
      case Start start -> HEAD + BODY_EXTRA;
      case Gone gone -> HEAD + BODY_EXTRA;
      case Stored stored ->
          HEAD + BODY_EXTRA + stored.content().remaining() + stored.envelope().remaining();
    };
  }

  /** Appends the record. */
  default void put(ByteBuffer out, long generation) {
    int head = out.position();
    out.position(head + HEAD);
    byte type =
        switch (this) {
          case Start start -> {
            out.put(start.session().getBytes(StandardCharsets.UTF_8));
            yield 0;
          }
          case Stored stored -> {
            putStem(out, stored.stem());
            out.putInt(stored.content().remaining());
            out.put(stored.content().duplicate()).put(stored.envelope().duplicate());
            yield 1;
          }
          case Gone gone -> {
            putStem(out, gone.stem());
            yield 2;
          }
        };
    int length = out.position() - head - HEAD;
    out.putInt(head, MAGIC).putInt(head + 4, length).putLong(head + 8, generation);
    out.put(head + 20, type);
    out.putInt(head + 16, checksum(generation, type, out.slice(head + HEAD, length)));
  }

  /** Makes a record of its type and body. */
  static JournalRecord of(byte type, ByteBuffer body) {
    return switch (type) {
      case 0 -> new Start(text(body, body.remaining()));
      case 1 -> {
        String stem = text(body, body.getShort());
        int size = body.getInt();
        ByteBuffer content = body.slice(body.position(), size);
        body.position(body.position() + size);
        yield new Stored(stem, content, body.slice());
      }
      case 2 -> new Gone(text(body, body.getShort()));
      default -> throw new IllegalArgumentException("unknown type of record: " + type);
    };
  }

  /** The checksum that covers all but magic number and length. */
  static int checksum(long generation, byte type, ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(9).putLong(generation).put(type).flip());
    crc.update(body);
    return (int) crc.getValue();
  }

  private static void putStem(ByteBuffer out, String stem) {
    byte[] octets = stem.getBytes(StandardCharsets.UTF_8);
    out.putShort((short) octets.length).put(octets);
  }

  private static String text(ByteBuffer body, int length) {
    byte[] octets = new byte[length];
    body.get(octets);
    return new String(octets, StandardCharsets.UTF_8);
  }
}
