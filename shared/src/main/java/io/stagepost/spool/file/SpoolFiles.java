package io.stagepost.spool.file;

import io.stagepost.spool.MessageId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** The names of a message's files, and reading small files whole. */
final class SpoolFiles {

  static final String CONTENT = ".content";

  /** A content that a {@link SpoolDeposit} has not finished. */
  static final String UNFINISHED = ".content.new";

  static final String READY = ".envelope";
  static final String NEW = ".envelope.new";
  static final String BUSY = ".envelope.busy";
  static final String BAD = ".envelope.bad";
  static final String HELD = ".envelope.held";
  static final String BROKEN = ".envelope.broken";
  static final String TMP = ".tmp";
  static final String STATE = ".state";
  static final String NODE_PREFIX = ".stagepost.node.";
  static final String JOURNAL_PREFIX = ".stagepost.journal.";
  static final String STEM_PREFIX = ".stagepost.stem.";

  // More than a hundred thousand recipients; a bigger file is no envelope.
  static final int ENVELOPE_LIMIT = 16 << 20;

  private static final String[] SUFFIXES = {READY, BUSY, BAD, HELD, NEW, STATE, CONTENT};

  private SpoolFiles() {}

  /** A file name taken apart. */
  record Name(String stem, String suffix) {}

  /** Takes a name apart, or empty when it is no file of a message that takes part in the life. */
  static Optional<Name> parse(String name) {
    if (name.startsWith(".")) {
      return Optional.empty();
    }
    for (String suffix : SUFFIXES) {
      if (name.length() > suffix.length() && name.endsWith(suffix)) {
        String stem = name.substring(0, name.length() - suffix.length());
        return isStem(stem) ? Optional.of(new Name(stem, suffix)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** What the names of an owner's journal begin with. */
  static String journalOf(String nodeFile) {
    return JOURNAL_PREFIX + nodeFile.substring(NODE_PREFIX.length());
  }

  private static boolean isStem(String stem) {
    try {
      return !new MessageId(stem).value().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * All of a file.
   *
   * @throws IOException also when it is longer than the limit
   */
  static byte[] read(Disk disk, Path path, int limit) throws IOException {
    try (Disk.Input in = disk.open(path)) {
      ByteBuffer piece = ByteBuffer.allocate(4096);
      ByteArrayOutputStream all = new ByteArrayOutputStream(1024);
      while (in.read(piece) >= 0) {
        all.write(piece.array(), 0, piece.position());
        if (all.size() > limit) {
          throw new IOException("file too long: " + path);
        }
        piece.clear();
      }
      return all.toByteArray();
    }
  }
}
