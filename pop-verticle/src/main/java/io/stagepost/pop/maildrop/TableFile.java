package io.stagepost.pop.maildrop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table kept in a file from one session to the next, so that sizes need not be asked for again.
 * It is only ever a help: a file that is missing, damaged or of another version is none.
 *
 * <p>The format: the octets {@code SPOP}, a version, when the directories had changed, then for
 * each message its size, its place and its name; last a CRC-32C of all that.
 */
final class TableFile {

  private static final Logger LOG = LoggerFactory.getLogger("io.stagepost.pop");
  private static final int MAGIC = 0x53504f50;
  private static final int VERSION = 1;
  private static final long LARGEST = 512L << 20;

  private TableFile() {}

  /** A table and the state of the directories that it shows. */
  record Stored(Stamps stamps, MessageTable table) {}

  /** What was kept, if it can be used. */
  static Optional<Stored> load(Path file) {
    try {
      if (!Files.exists(file) || Files.size(file) > LARGEST) {
        return Optional.empty();
      }
      return Optional.of(parse(ByteBuffer.wrap(Files.readAllBytes(file))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | BufferUnderflowException | IllegalArgumentException e) {
      LOG.warn("pop: not using \"{}\": {}", file, e.toString());
      return Optional.empty();
    }
  }

  /** Keeps a table; trouble is only logged. */
  static void save(Path file, Stored stored) {
    @Nullable Path fresh = null;
    try {
      Path directory = Objects.requireNonNull(file.getParent());
      Files.createDirectories(directory);
      fresh = Files.createTempFile(directory, file.getFileName() + ".", ".new");
      try (OutputStream out = Files.newOutputStream(fresh)) {
        write(new BufferedOutputStream(out, 1 << 16), stored);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("pop: can't write \"{}\": {}", file, e.toString());
      discard(fresh);
    }
  }

  private static void discard(@Nullable Path fresh) {
    try {
      if (fresh != null) {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      LOG.debug("pop: can't remove \"{}\": {}", fresh, e.toString());
    }
  }

  private static void write(OutputStream to, Stored stored) throws IOException {
    CRC32C sum = new CRC32C();
    DataOutputStream out = new DataOutputStream(new CheckedOutputStream(to, sum));
    MessageTable table = stored.table();
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(stored.stamps().modified().size());
    for (long time : stored.stamps().modified()) {
      out.writeLong(time);
    }
    out.writeInt(table.count());
    for (int i = 0; i < table.count(); i++) {
      byte[] name = table.name(i).getBytes(UTF_8);
      out.writeLong(table.size(i));
      out.writeByte(table.place(i));
      out.writeShort(name.length);
      out.write(name);
    }
    out.writeInt((int) sum.getValue());
    out.flush();
  }

  private static Stored parse(ByteBuffer in) throws IOException {
    int end = in.limit() - Integer.BYTES;
    if (end < 0 || in.getInt(0) != MAGIC || in.getInt(Integer.BYTES) != VERSION) {
      throw new IOException("not of this version");
    }
    CRC32C sum = new CRC32C();
    sum.update(in.duplicate().limit(end));
    if ((int) sum.getValue() != in.getInt(end)) {
      throw new IOException("wrong checksum");
    }
    in.position(2 * Integer.BYTES).limit(end);
    List<Long> modified = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      modified.add(in.getLong());
    }
    int count = in.getInt();
    MessageTable.Builder table = new MessageTable.Builder(count);
    for (int i = 0; i < count; i++) {
      long size = in.getLong();
      byte place = in.get();
      byte[] name = new byte[in.getShort() & 0xffff];
      in.get(name);
      table.add(name, place, size);
    }
    return new Stored(new Stamps(modified), table.build());
  }
}
