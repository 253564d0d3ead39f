package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What is to be known of the system and of the file system for telling the dead from the living.
 */
final class HostFacts {

  private static final Set<String> LOCAL_TYPES =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "zfs", "f2fs", "overlay", "jfs");
  private static final Set<String> ENTRY_WITH_FILE = Set.of("ext4", "xfs");
  private static final String BOOT_ID = readBootId();

  private HostFacts() {}

  /** The id of the system's start, the same in all containers of a host. */
  static String bootId() {
    return BOOT_ID;
  }

  private static String readBootId() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return UUID.randomUUID().toString();
    }
  }

  /** When the system started, if it tells. */
  static Optional<Instant> bootTime() {
    try {
      return Files.readAllLines(Path.of("/proc/stat")).stream()
          .filter(line -> line.startsWith("btime "))
          .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip())))
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether no other host can have the directory: then its locks and its clock are ours. */
  static boolean isLocal(Path directory) {
    return LOCAL_TYPES.contains(type(directory));
  }

  /** Whether syncing a new file makes its directory entry durable. */
  static boolean syncsEntryWithFile(Path directory) {
    return ENTRY_WITH_FILE.contains(type(directory));
  }

  private static String type(Path directory) {
    try {
      return Files.getFileStore(directory).type();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
