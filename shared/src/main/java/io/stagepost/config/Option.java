package io.stagepost.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One option of the table that everything about configuration is made from.
 *
 * @param name its long name, without dashes
 * @param letter its short name, or 0
 * @param syntax whether it takes a value
 * @param rule what the value, or each item of it, must look like
 * @param unit whether it belongs to the process or to a relay
 * @param key its path in {@code relay.conf}; empty when it has none there, and with a leading
 *     {@code !} when the sense is the opposite
 * @param defaults what holds when it is not given
 * @param change whether it can take effect while the process runs
 * @param gate an option that has to be as it was at the start for that, if there is one
 * @param audience who is told about it
 * @param lack why it has no effect in this version, if so
 * @param meaning one line for help, sample and manual
 */
public record Option(
    String name,
    char letter,
    Syntax syntax,
    ValueRule rule,
    Unit unit,
    String key,
    Defaults defaults,
    Change change,
    Optional<Option> gate,
    Audience audience,
    Optional<Lack> lack,
    String meaning) {

  /** What an option belongs to. */
  public enum Unit {
    PROCESS,
    RELAY
  }

  /** When a changed value takes effect. */
  public enum Change {
    LIVE,
    RESTART
  }

  /** Who is told about an option. */
  public enum Audience {
    /** Everybody. */
    ALL,
    /** Those who ask for more with {@code --verbose}. */
    EXPERT,
    /** Nobody. */
    NOBODY
  }

  /**
   * The value, as it would be written, that holds when the option is not given; empty for none, or
   * when it depends on other options.
   */
  public record Defaults(String dropIn, String own) {

    /** The one of a flavour. */
    public String of(Flavour flavour) {
      return flavour == Flavour.DROP_IN ? dropIn : own;
    }
  }

  /**
   * Why an option has no effect.
   *
   * @param because a whole clause, for instance {@code this version has no POP server}
   * @param instead what keeps that from doing harm
   */
  public record Lack(String because, Instead instead) {}

  /** What is done instead of what an option asks for. */
  public enum Instead {
    /** Nothing. */
    NOTHING,
    /** Nothing is sent: it would go unprotected or unfiltered. */
    HOLD,
    /** Only local clients are let in: others were to be checked. */
    LOCAL_CLIENTS
  }

  /** The table has no two of one name. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Option option && name.equals(option.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** As it is written on a command line: {@code --port}. */
  String spelled() {
    return "--" + name;
  }

  /** Whether it can be given in {@code relay.conf}. */
  boolean hasKey() {
    return !key.isEmpty();
  }

  /** Whether {@code true} in {@code relay.conf} means that the option is not given. */
  boolean isKeyInverted() {
    return key.startsWith("!");
  }

  /** The path in {@code relay.conf} without the mark of the opposite sense. */
  String plainKey() {
    return isKeyInverted() ? key.substring(1) : key;
  }
}
