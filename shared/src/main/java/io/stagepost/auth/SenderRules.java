package io.stagepost.auth;

import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Which addresses an authenticated user may send as.
 *
 * <p>A file with a line for each user: the name (xtext), then addresses, {@code @domain} for all of
 * a domain, or {@code *} for any. A line for {@code *} holds for users without one; without such a
 * line these may use no address.
 */
public final class SenderRules {

  /** Everybody may use every address. */
  public static final SenderRules NONE = new SenderRules(Map.of("*", List.of("*")));

  private static final String ANY = "*";

  private final Supplier<Map<String, List<String>>> rules;

  SenderRules(Map<String, List<String>> rules) {
    this(() -> rules);
  }

  private SenderRules(Supplier<Map<String, List<String>>> rules) {
    this.rules = rules;
  }

  /**
   * Reads a file, and again when it has changed; while it is broken, what it said before holds.
   * Fails with {@link AccountsException}.
   */
  public static Future<SenderRules> open(Vertx vertx, Path path, RelayLog log) {
    WatchedFile<Map<String, List<String>>> file =
        new WatchedFile<>(path, new SendersContent(), Map.of(), log, System::nanoTime);
    SenderRules watched =
        new SenderRules(
            () -> {
              if (file.isDueForMe()) {
                // What is asked now gets the old answer.
                vertx.executeBlocking(
                    () -> {
                      file.refresh();
                      return file;
                    });
              }
              return file.current();
            });
    return vertx.executeBlocking(
        () -> {
          file.open();
          return watched;
        },
        false);
  }

  /**
   * Whether a user may send with a reverse path or a From address, compared without case; the empty
   * reverse path is everybody's.
   */
  public boolean mayUse(String user, String address) {
    if (address.isEmpty()) {
      return true;
    }
    Map<String, List<String>> now = rules.get();
    String folded = address.toLowerCase(Locale.ROOT);
    String domain = folded.substring(Math.max(folded.lastIndexOf('@'), 0));
    List<String> own = now.getOrDefault(user, now.getOrDefault(ANY, List.of()));
    return own.stream()
        .anyMatch(rule -> rule.equals(ANY) || rule.equals(folded) || rule.equals(domain));
  }
}
