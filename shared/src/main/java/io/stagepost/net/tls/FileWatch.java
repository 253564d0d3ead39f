package io.stagepost.net.tls;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Notices when files change, also when they are replaced by way of symbolic links: they are looked
 * at every few seconds, on a worker.
 */
final class FileWatch {

  private static final long LOOK_MILLIS = 10_000;

  private final Vertx vertx;
  private final List<Path> files;
  private final Callable<Void> reload;
  private final long timer;
  private volatile List<String> seen;

  private FileWatch(Vertx vertx, List<Path> files, List<String> seen, Callable<Void> reload) {
    this.vertx = vertx;
    this.files = files;
    this.seen = seen;
    this.reload = reload;
    this.timer = vertx.setPeriodic(LOOK_MILLIS, t -> look());
  }

  /**
   * Begins to watch.
   *
   * @param seen what {@link #state} said before the files were read
   * @param reload is called on a worker when they have changed
   */
  static FileWatch over(Vertx vertx, List<Path> files, List<String> seen, Callable<Void> reload) {
    return new FileWatch(vertx, files, seen, reload);
  }

  /** What can be seen of the files without reading them; blocks. */
  static List<String> state(List<Path> files) {
    List<String> state = new ArrayList<>();
    for (Path file : files) {
      state.add(state(file));
      if (Files.isDirectory(file)) {
        try (Stream<Path> inside = Files.list(file)) {
          inside.sorted().forEach(found -> state.add(state(found)));
        } catch (IOException e) {
          state.add(e.toString());
        }
      }
    }
    return state;
  }

  /** Looks now; true when something had changed. */
  Future<Boolean> look() {
    return vertx.executeBlocking(
        () -> {
          List<String> now = state(files);
          if (now.equals(seen)) {
            return false;
          }
          seen = now;
          reload.call();
          return true;
        });
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  private static String state(Path file) {
    try {
      return file.toRealPath() + " " + Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
