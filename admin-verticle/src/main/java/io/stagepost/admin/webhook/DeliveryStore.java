package io.stagepost.admin.webhook;

import io.stagepost.admin.http.api.StateFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What one hook still has to deliver, and what it has given up, a file each: the delivery, and its
 * body in {@code body}. Each call is durable when it completes. What is put after all was removed
 * is not kept: an attempt may have been under way.
 */
final class DeliveryStore {

  private static final String SUFFIX = ".json";
  private static final String BODY = "body";

  private final Vertx vertx;
  private final Path directory;
  private final ReadWriteLock clearing = new ReentrantReadWriteLock();
  private boolean cleared; // guarded by it

  DeliveryStore(Vertx vertx, Path directory) {
    this.vertx = vertx;
    this.directory = directory;
  }

  /** All of them, without their bodies. Files that can't be understood are left alone. */
  Future<List<Delivery>> all() {
    return work(
        () -> {
          List<Delivery> all = new ArrayList<>();
          try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*_*" + SUFFIX)) {
            for (Path file : files) {
              read(file, all);
            }
          } catch (NoSuchFileException e) {
            // None yet.
          }
          return all;
        });
  }

  private static void read(Path file, List<Delivery> all) throws IOException {
    try {
      all.add(Delivery.ofJson(new JsonObject(Files.readString(file, StandardCharsets.UTF_8))));
    } catch (DecodeException | IllegalArgumentException | NullPointerException e) {
      // A foreign file.
    }
  }

  /** Writes one. */
  Future<Void> put(Delivery delivery, String body) {
    String text = delivery.toJson().put(BODY, body).encode();
    return work(
        () -> {
          clearing.readLock().lock();
          try {
            if (!cleared) {
              StateFile.write(file(delivery.id()), text + "\n");
            }
          } finally {
            clearing.readLock().unlock();
          }
          return null;
        });
  }

  /** What it says. Fails when it isn't there any more. */
  Future<String> body(String id) {
    return work(
        () ->
            new JsonObject(Files.readString(file(id), StandardCharsets.UTF_8)).getString(BODY, ""));
  }

  Future<Void> remove(String id) {
    return work(
        () -> {
          Files.deleteIfExists(file(id));
          return null;
        });
  }

  /** Removes everything. */
  Future<Void> clear() {
    return work(
        () -> {
          clearing.writeLock().lock();
          try {
            cleared = true;
            clearNow();
          } finally {
            clearing.writeLock().unlock();
          }
          return null;
        });
  }

  private void clearNow() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(directory);
  }

  private Path file(String id) {
    return directory.resolve(id + SUFFIX);
  }

  private <T> Future<T> work(Callable<T> job) {
    return vertx.executeBlocking(job, false);
  }
}
