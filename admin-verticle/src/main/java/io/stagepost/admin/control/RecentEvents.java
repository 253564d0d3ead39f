package io.stagepost.admin.control;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The last 200 delivery events, and those who want to see each further one. On one context. */
final class RecentEvents {

  private static final int MOST = 200;

  private final Deque<JsonObject> recent = new ArrayDeque<>();
  private final Set<Consumer<JsonObject>> followers = new LinkedHashSet<>();

  void happened(JsonObject event) {
    if (recent.size() == MOST) {
      recent.removeFirst();
    }
    recent.addLast(event);
    List.copyOf(followers).forEach(follower -> follower.accept(event));
  }

  List<JsonObject> recent() {
    return List.copyOf(recent);
  }

  void follow(Consumer<JsonObject> follower) {
    followers.add(follower);
  }

  void unfollow(Consumer<JsonObject> follower) {
    followers.remove(follower);
  }
}
