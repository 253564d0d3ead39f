package io.stagepost.admin.queue;

import io.stagepost.telemetry.LogText;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Messages in aligned columns, as wide as the reader's screen. Made from {@link
 * QueueItem#toJson()}, as programs get it too.
 */
public final class QueueTable {

  private static final List<String> HEAD =
      List.of("ID", "STATE", "AGE", "SIZE", "TRIES", "FROM", "TO", "REASON");
  private static final int NUMBERS_FROM = 2;
  private static final int NUMBERS_TO = 4;
  // Narrower, these columns say nothing.
  private static final int LEAST_WIDTH = 12;
  private static final int TEXT_COLUMNS_FROM = 5;
  private static final String GAP = "  ";

  private final Instant now;
  private final int width;

  /**
   * A table.
   *
   * @param now what ages are reckoned from
   * @param width of the screen in columns
   */
  public QueueTable(Instant now, int width) {
    this.now = now;
    this.width = width;
  }

  /** The lines, the headings first. */
  public List<String> lines(List<JsonObject> items) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    items.forEach(item -> rows.add(row(item)));
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    fit(widths);
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  /** The facts of one message, each on a line of its own. */
  public List<String> facts(JsonObject item) {
    List<String> lines = new ArrayList<>();
    lines.add("id:        " + text(item, "id"));
    lines.add("state:     " + text(item, "state"));
    lines.add("from:      <" + text(item, "from") + ">");
    item.getJsonArray("to").forEach(to -> lines.add("to:        <" + LogText.escape(to + ">")));
    lines.add("size:      " + item.getLong("size") + " octets");
    if (item.containsKey("arrived")) {
      lines.add("arrived:   " + moment(item, "arrived") + " (" + age(item, "arrived") + " ago)");
    }
    lines.add("attempts:  " + item.getInteger("attempts"));
    if (!text(item, "reason").isEmpty()) {
      lines.add("reason:    " + text(item, "reason"));
    }
    if (item.containsKey("due")) {
      lines.add("due:       " + moment(item, "due"));
    }
    return lines;
  }

  /** What has happened to a message, a line for each event. */
  public static List<String> events(List<JsonObject> events) {
    return events.stream().map(QueueTable::event).toList();
  }

  /** One event in a line: when, what, and the facts of it. */
  public static String event(JsonObject event) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(Locale.ROOT, "%-24s  %-10s", moment(event, "time"), text(event, "type")));
    event.forEach(
        fact -> {
          if (!List.of("time", "type", "version", "relay").contains(fact.getKey())) {
            line.append(' ')
                .append(fact.getKey())
                .append('=')
                .append(LogText.escape(fact.getValue().toString()));
          }
        });
    return line.toString();
  }

  private List<String> row(JsonObject item) {
    String to = item.getJsonArray("to").isEmpty() ? "" : item.getJsonArray("to").getString(0);
    int more = item.getJsonArray("to").size() - 1;
    return List.of(
        text(item, "id"),
        text(item, "state"),
        age(item, "arrived"),
        size(item.getLong("size")),
        String.valueOf(item.getInteger("attempts")),
        item.getString("from").isEmpty() ? "<>" : text(item, "from"),
        LogText.escape(to) + (more > 0 ? " +" + more : ""),
        text(item, "reason"));
  }

  // The widest of the last columns gives way first.
  private void fit(int[] widths) {
    int total = GAP.length() * (widths.length - 1);
    for (int each : widths) {
      total += each;
    }
    while (total > width) {
      int widest = TEXT_COLUMNS_FROM;
      for (int i = TEXT_COLUMNS_FROM; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= LEAST_WIDTH) {
        return;
      }
      widths[widest]--;
      total--;
    }
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      if (cell.length() > widths[i]) {
        cell = cell.substring(0, widths[i] - 1) + "…";
      }
      String blanks = " ".repeat(widths[i] - cell.length());
      boolean right = i >= NUMBERS_FROM && i <= NUMBERS_TO;
      line.append(i == 0 ? "" : GAP).append(right ? blanks + cell : cell + blanks);
    }
    return line.toString().stripTrailing();
  }

  private String age(JsonObject item, String field) {
    try {
      return age(Duration.between(Instant.parse(item.getString(field, "")), now));
    } catch (DateTimeException e) {
      return "";
    }
  }

  /** As {@code 12s}, {@code 5m}, {@code 3h} or {@code 2d}. */
  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + "m";
    }
    return seconds < 48 * 3_600 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
  }

  /** As {@code 512}, {@code 1.5k}, {@code 20M}. */
  static String size(long octets) {
    double size = octets;
    int unit = 0;
    while (size >= 1024 && unit < 4) {
      size /= 1024;
      unit++;
    }
    if (unit == 0) {
      return String.valueOf(octets);
    }
    String format = size < 10 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, size) + "kMGT".charAt(unit - 1);
  }

  // Finer than a millisecond is of no use to a reader.
  private static String moment(JsonObject item, String field) {
    try {
      return Instant.parse(item.getString(field, "")).truncatedTo(ChronoUnit.MILLIS).toString();
    } catch (DateTimeException e) {
      return text(item, field);
    }
  }

  private static String text(JsonObject item, String field) {
    return LogText.escape(item.getString(field, ""));
  }
}
