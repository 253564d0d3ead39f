package io.stagepost.admin.http.api;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a user is here. */
public enum Role {
  /** May do everything. */
  ADMIN,
  /** May do anything to messages, and send some. */
  OPERATOR,
  /** May look. */
  VIEWER;

  /** The role of that name. */
  public static Optional<Role> of(String word) {
    for (Role role : values()) {
      if (role.word().equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** Its name in files and in the contract. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it allows. */
  public Set<Scope> scopes() {
    return switch (this) {
      case ADMIN -> EnumSet.allOf(Scope.class);
      case OPERATOR -> EnumSet.of(Scope.READ, Scope.SEND, Scope.QUEUE, Scope.METRICS);
      case VIEWER -> EnumSet.of(Scope.READ, Scope.METRICS);
    };
  }
}
