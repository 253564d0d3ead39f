package io.stagepost.auth;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which mechanisms may be used, as written in {@code --server-auth-config} and {@code
 * --client-auth-config}.
 *
 * <p>Items between semicolons: {@code m:} and names for only these, {@code x:} for all but these,
 * {@code a:} and {@code d:} for the same on encrypted connections, where {@code m:} and {@code x:}
 * then have no say. Names without a letter count as {@code m:}. Names are compared without case;
 * APOP is one of them. Rules choose, and never order.
 */
public final class MechanismRules {

  /** Everything may be used. */
  public static final MechanismRules ALL = parse(Optional.empty());

  private final Choice clear;
  private final Choice encrypted;

  private MechanismRules(Choice clear, Choice encrypted) {
    this.clear = clear;
    this.encrypted = encrypted;
  }

  /** Reads the value of the option; what is not understood matches nothing. */
  public static MechanismRules parse(Optional<String> text) {
    Choice general = new Choice(Optional.empty(), Set.of());
    Choice encrypted = general;
    boolean isOwn = false;
    for (String item : text.map(t -> List.of(t.split(";"))).orElse(List.of())) {
      String bare = item.strip();
      if (bare.isEmpty()) {
        continue;
      }
      boolean hasLetter = bare.length() > 1 && bare.charAt(1) == ':';
      Set<String> names = names(hasLetter ? bare.substring(2) : bare);
      switch (hasLetter ? bare.charAt(0) : 'm') {
        case 'x' -> general = general.without(names);
        case 'a' -> {
          encrypted = encrypted.only(names);
          isOwn = true;
        }
        case 'd' -> {
          encrypted = encrypted.without(names);
          isOwn = true;
        }
        default -> general = general.only(names);
      }
    }
    return new MechanismRules(general, isOwn ? encrypted : general);
  }

  /** Whether clients may use a mechanism with us. */
  public boolean allow(String mechanism, Privacy privacy) {
    return (privacy == Privacy.ENCRYPTED ? encrypted : clear).allows(mechanism);
  }

  /** Whether we may use a mechanism with the next hop: {@code a:} and {@code d:} have no say. */
  public boolean allowOurs(String mechanism) {
    return clear.allows(mechanism);
  }

  private static Set<String> names(String list) {
    Set<String> names = new HashSet<>();
    for (String name : list.split(",")) {
      if (!name.isBlank()) {
        names.add(name.strip().toUpperCase(Locale.ROOT));
      }
    }
    return names;
  }

  private record Choice(Optional<Set<String>> only, Set<String> without) {

    Choice only(Set<String> names) {
      return new Choice(Optional.of(names), without);
    }

    Choice without(Set<String> names) {
      return new Choice(only, names);
    }

    boolean allows(String mechanism) {
      String name = mechanism.toUpperCase(Locale.ROOT);
      return only.map(names -> names.contains(name)).orElse(true) && !without.contains(name);
    }
  }
}
