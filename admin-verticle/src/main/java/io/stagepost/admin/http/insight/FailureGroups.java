package io.stagepost.admin.http.insight;

import io.stagepost.admin.queue.QueueItem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Messages that were not delivered, by the reason and the domain of their first recipient. */
final class FailureGroups {

  private static final int MOST = 500;
  private static final int MOST_IDS = 1_000;
  private static final int LONGEST = 300;
  // Queue ids, times and the like, which differ from message to message.
  private static final Pattern PARTICULAR =
      Pattern.compile("\\b(?=[0-9A-Za-z.-]*[0-9])[0-9A-Za-z.-]{8,}\\b|<[^>]*>|\\b[0-9]{5,}\\b");

  private final Map<Key, Group> groups = new LinkedHashMap<>();

  private record Key(String reason, String destination) {}

  private static final class Group {
    private final List<String> ids = new ArrayList<>();
    private int count;
    private @Nullable Instant oldest;
    private @Nullable Instant newest;

    private void add(QueueItem item) {
      count++;
      if (ids.size() < MOST_IDS) {
        ids.add(item.id().value());
      }
      item.arrived()
          .ifPresent(
              time -> {
                oldest = oldest == null || time.isBefore(oldest) ? time : oldest;
                newest = newest == null || time.isAfter(newest) ? time : newest;
              });
    }
  }

  void add(QueueItem item) {
    String to = item.to().isEmpty() ? "" : item.to().getFirst();
    Key key = new Key(general(item.reason()), Destinations.domain(to));
    groups.computeIfAbsent(key, k -> new Group()).add(item);
  }

  static String general(String reason) {
    String text = PARTICULAR.matcher(reason).replaceAll("…");
    return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }

  JsonArray toJson() {
    JsonArray array = new JsonArray();
    groups.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<Key, Group> each) -> each.getValue().count)
                .reversed())
        .limit(MOST)
        .forEach(each -> array.add(json(each.getKey(), each.getValue())));
    return array;
  }

  private static JsonObject json(Key key, Group group) {
    Instant unknown = Instant.EPOCH;
    return new JsonObject()
        .put("reason", key.reason())
        .put("destination", key.destination())
        .put("count", group.count)
        .put("oldest", (group.oldest == null ? unknown : group.oldest).toString())
        .put("newest", (group.newest == null ? unknown : group.newest).toString())
        .put("ids", new JsonArray(group.ids));
  }
}
