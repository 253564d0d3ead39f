package io.stagepost.spool.file;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The layout of an owner's file: a header with its heartbeat and whether it was fenced off, and a
 * slot for each message that it has claimed. Two octets far behind the end are only ever locked:
 * {@link #LIFE} for as long as the owner lives, {@link #FINISH} while it ends a claim.
 */
final class NodeFile {

  static final int SLOTS = 4096;
  static final long LIFE = 1L << 40;
  static final long FINISH = LIFE + 1;

  private static final byte[] MAGIC = "stagepost node 1".getBytes(US_ASCII);
  private static final int FENCED_AT = 16;
  private static final int HEARTBEAT_AT = 24;
  private static final int BOOT_AT = 32;
  private static final int BOOT_LENGTH = 36;
  private static final int PREFIX_AT = 80;
  private static final int HEADER_LENGTH = 512;
  private static final int SLOT_LENGTH = 256;
  private static final int NAME_AT = 11;

  private NodeFile() {}

  /**
   * What stands in the header.
   *
   * @param boot the id of the system's start under which the owner runs
   * @param prefix what the stems of its own messages begin with
   */
  record Header(boolean fenced, long heartbeat, String boot, String prefix) {}

  /** How far the owner of a slot got. */
  enum Progress {
    TRYING,
    CLAIMED
  }

  /** A message that the owner has claimed or is about to claim. */
  record Slot(Progress progress, long sinceMillis, String stem) {}

  static void writeHeader(FileChannel file, String boot, String prefix) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH);
    header.put(0, MAGIC);
    header.put(BOOT_AT, padded(boot));
    byte[] name = prefix.getBytes(US_ASCII);
    header.putShort(PREFIX_AT, (short) name.length);
    header.put(PREFIX_AT + 2, name);
    write(file, header, 0);
  }

  private static byte[] padded(String boot) {
    byte[] octets = new byte[BOOT_LENGTH];
    byte[] id = boot.getBytes(US_ASCII);
    System.arraycopy(id, 0, octets, 0, Math.min(id.length, octets.length));
    return octets;
  }

  /** Reads the header, or empty when it is not complete. */
  static Optional<Header> readHeader(FileChannel file) throws IOException {
    ByteBuffer header = read(file, 0, HEADER_LENGTH);
    if (header.limit() < HEADER_LENGTH) {
      return Optional.empty();
    }
    byte[] magic = new byte[MAGIC.length];
    header.get(0, magic);
    int length = header.getShort(PREFIX_AT);
    if (!Arrays.equals(magic, MAGIC) || length < 0 || length > 100) {
      return Optional.empty();
    }
    byte[] boot = new byte[BOOT_LENGTH];
    header.get(BOOT_AT, boot);
    byte[] prefix = new byte[length];
    header.get(PREFIX_AT + 2, prefix);
    return Optional.of(
        new Header(
            header.get(FENCED_AT) != 0,
            header.getLong(HEARTBEAT_AT),
            new String(boot, US_ASCII).trim(),
            new String(prefix, US_ASCII)));
  }

  static boolean isFenced(FileChannel file) throws IOException {
    ByteBuffer flag = read(file, FENCED_AT, 1);
    return flag.limit() == 0 || flag.get(0) != 0;
  }

  static void fence(FileChannel file) throws IOException {
    write(file, ByteBuffer.wrap(new byte[] {1}), FENCED_AT);
    file.force(false);
  }

  static void writeHeartbeat(FileChannel file, long beat) throws IOException {
    write(file, ByteBuffer.allocate(Long.BYTES).putLong(0, beat), HEARTBEAT_AT);
  }

  static void writeSlot(FileChannel file, int index, Slot slot) throws IOException {
    byte[] name = slot.stem().getBytes(UTF_8);
    ByteBuffer octets = ByteBuffer.allocate(NAME_AT + name.length);
    octets.put(code(slot.progress())).putLong(slot.sinceMillis());
    octets.putShort((short) name.length).put(name).flip();
    write(file, octets, position(index));
  }

  static void writeProgress(FileChannel file, int index, Progress progress) throws IOException {
    write(file, ByteBuffer.wrap(new byte[] {code(progress)}), position(index));
  }

  static void clearSlot(FileChannel file, int index) throws IOException {
    write(file, ByteBuffer.wrap(new byte[] {0}), position(index));
  }

  static List<Slot> readSlots(FileChannel file) throws IOException {
    ByteBuffer table = read(file, HEADER_LENGTH, SLOTS * SLOT_LENGTH);
    List<Slot> slots = new ArrayList<>();
    for (int at = 0; at + NAME_AT <= table.limit(); at += SLOT_LENGTH) {
      byte code = table.get(at);
      int length = table.getShort(at + 9);
      if (code != 0 && length > 0 && at + NAME_AT + length <= table.limit()) {
        byte[] name = new byte[length];
        table.get(at + NAME_AT, name);
        Progress progress = code == 'C' ? Progress.CLAIMED : Progress.TRYING;
        slots.add(new Slot(progress, table.getLong(at + 1), new String(name, UTF_8)));
      }
    }
    return slots;
  }

  private static byte code(Progress progress) {
    return (byte) (progress == Progress.CLAIMED ? 'C' : 'T');
  }

  private static long position(int slot) {
    return HEADER_LENGTH + (long) slot * SLOT_LENGTH;
  }

  private static void write(FileChannel file, ByteBuffer data, long at) throws IOException {
    long position = at;
    while (data.hasRemaining()) {
      position += file.write(data, position);
    }
  }

  private static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
    int there = Math.clamp(file.size() - at, 0, length);
    ByteBuffer data = ByteBuffer.allocate(there);
    while (data.hasRemaining() && file.read(data, at + data.position()) >= 0) {
      // A short read is asked again for the rest.
    }
    return data.flip();
  }
}
