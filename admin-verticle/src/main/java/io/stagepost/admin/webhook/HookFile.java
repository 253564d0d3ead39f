package io.stagepost.admin.webhook;

import io.stagepost.admin.http.api.StateFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The hooks in a file of a directory, which one process at a time works with. */
final class HookFile {

  private static final FileAttribute<Set<PosixFilePermission>> OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Vertx vertx;
  private final Path directory;
  // Of the thread that locks and unlocks; both never run at the same time.
  private volatile @Nullable FileChannel locked;

  HookFile(Vertx vertx, Path directory) {
    this.vertx = vertx;
    this.directory = directory;
  }

  /** Whether it is ours from now on; false while it is another's. */
  Future<Boolean> lock() {
    return vertx.executeBlocking(this::lockNow, true);
  }

  private boolean lockNow() throws IOException {
    Files.createDirectories(directory, OWNER);
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean ours = false;
    try {
      FileLock lock = channel.tryLock();
      ours = lock != null;
    } catch (OverlappingFileLockException e) {
      // A relay of this process that is still stopping.
    } finally {
      if (ours) {
        locked = channel;
      } else {
        channel.close();
      }
    }
    return ours;
  }

  /** Another may have it. */
  Future<Void> unlock() {
    return vertx.executeBlocking(
        () -> {
          FileChannel channel = locked;
          locked = null;
          if (channel != null) {
            channel.close();
          }
          return null;
        },
        true);
  }

  /** All hooks; what is left of others is removed. Fails when the file can't be understood. */
  Future<List<Webhook>> read() {
    return vertx.executeBlocking(this::readNow, true);
  }

  private List<Webhook> readNow() throws IOException {
    List<Webhook> hooks = new ArrayList<>();
    if (Files.exists(file())) {
      new JsonArray(Files.readString(file(), StandardCharsets.UTF_8))
          .forEach(json -> hooks.add(Webhook.ofFile((JsonObject) json)));
    }
    removeOthers(hooks.stream().map(Webhook::id).collect(Collectors.toSet()));
    return hooks;
  }

  private void removeOthers(Set<String> ids) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.filter(Files::isDirectory).toList()) {
        if (!ids.contains(entry.getFileName().toString())) {
          remove(entry);
        }
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(
          file -> {
            try {
              Files.deleteIfExists(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    Files.deleteIfExists(directory);
  }

  /** Writes them; completes when they are durable. */
  Future<Void> write(Collection<Webhook> hooks) {
    JsonArray array = new JsonArray();
    hooks.forEach(hook -> array.add(hook.toFile()));
    String text = array.encodePrettily() + "\n";
    return vertx.executeBlocking(
        () -> {
          StateFile.write(file(), text);
          return null;
        },
        true);
  }

  /** Where a hook's deliveries are. */
  DeliveryStore deliveries(String id) {
    return new DeliveryStore(vertx, directory.resolve(id));
  }

  private Path file() {
    return directory.resolve("hooks.json");
  }
}
