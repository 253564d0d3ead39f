package io.stagepost.admin.http.api;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do. */
public enum Scope {
  READ,
  SEND,
  QUEUE,
  METRICS,
  ADMIN;

  /** The scope of that name. */
  public static Optional<Scope> of(String word) {
    for (Scope scope : values()) {
      if (scope.word().equals(word)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }

  /** Its name in the contract. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
