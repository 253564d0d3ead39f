package io.stagepost.admin.http.api;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks.
 *
 * @param scopes what it may do
 * @param via how it is known
 * @param session present when it is known by one
 * @param expires when it has to come by other means
 */
public record Caller(
    String user,
    Role role,
    Set<Scope> scopes,
    Via via,
    Optional<Session> session,
    Instant expires) {

  /** Copies the set. */
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** How somebody is known; the names of the contract's schemes. */
  public enum Via {
    SESSION,
    TOKEN;

    /** The name of the scheme. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Whether it may do something. */
  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }
}
