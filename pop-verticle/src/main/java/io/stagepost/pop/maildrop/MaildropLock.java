package io.stagepost.pop.maildrop;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sole right to a maildrop, within this process and, by a lock of the file system that ends
 * with its holder, among all processes that reach the directory.
 */
final class MaildropLock implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger("io.stagepost.pop");
  private static final String MAP = "stagepost.pop.locks";

  private final Path file;
  private final LocalMap<String, Held> held;
  private final @Nullable FileChannel channel;

  private enum Held implements Shareable {
    HELD
  }

  private MaildropLock(Path file, LocalMap<String, Held> held, @Nullable FileChannel channel) {
    this.file = file;
    this.held = held;
    this.channel = channel;
  }

  /**
   * Locks a maildrop; blocking.
   *
   * @param file to be locked; made when there is none, and left behind
   * @throws MaildropException when somebody else has it
   */
  static MaildropLock take(Vertx vertx, Path file) throws MaildropException {
    LocalMap<String, Held> held = vertx.sharedData().getLocalMap(MAP);
    if (held.putIfAbsent(file.toString(), Held.HELD) != null) {
      throw inUse(file);
    }
    @Nullable FileChannel channel = null;
    try {
      channel = open(file);
      if (!isLocked(channel)) {
        held.remove(file.toString());
        channel.close();
        throw inUse(file);
      }
    } catch (IOException e) {
      // A directory that we can't write to: other processes will have to do without being told.
      LOG.debug("pop: no lock {}: {}", file, e.toString());
    }
    return new MaildropLock(file, held, channel);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by another path to the same file
    }
  }

  private static FileChannel open(Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static MaildropException inUse(Path file) {
    return new MaildropException(MaildropException.Reason.IN_USE, "locked: " + file);
  }

  /** Lets others in; blocking. */
  @Override
  public void close() throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      held.remove(file.toString());
    }
  }
}
