package io.stagepost.net;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What the connections of this process are doing, step by step, for whoever watches. As long as
 * nobody does, telling costs a look at an empty list. Thread-safe.
 *
 * <p>Bound: it keeps nothing; watchers bound what waits for them.
 */
public final class ActivityFeed implements Shareable {

  private static final String NAME = "stagepost.activity";

  private final List<Consumer<String>> watchers = new CopyOnWriteArrayList<>();

  private ActivityFeed() {}

  /** That of this process. */
  public static ActivityFeed of(Vertx vertx) {
    LocalMap<String, ActivityFeed> all = vertx.sharedData().getLocalMap(NAME);
    return all.computeIfAbsent(NAME, n -> new ActivityFeed());
  }

  /** Calls somebody at each step from now on, on any thread. */
  public void watch(Consumer<String> watcher) {
    watchers.add(watcher);
  }

  /** Calls them no more. */
  public void unwatch(Consumer<String> watcher) {
    watchers.remove(watcher);
  }

  /** Tells of a step, given by its fields from the general to the particular. */
  public void tell(String kind, String step, String detail) {
    if (!watchers.isEmpty()) {
      String text = kind + ": " + step + (detail.isEmpty() ? "" : ": " + detail);
      watchers.forEach(watcher -> watcher.accept(text));
    }
  }
}
