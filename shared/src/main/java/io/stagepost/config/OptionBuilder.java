package io.stagepost.config;

import io.stagepost.config.Option.Audience;
import io.stagepost.config.Option.Change;
import io.stagepost.config.Option.Defaults;
import io.stagepost.config.Option.Instead;
import io.stagepost.config.Option.Lack;
import io.stagepost.config.Option.Unit;
import java.util.Optional;

/** Writes the lines of the option table. */
final class OptionBuilder {

  private static final ValueRule FLAG = ValueRule.oneOf("", "yes", "no");

  private final String name;
  private final char letter;
  private Syntax syntax = Syntax.NONE;
  private ValueRule rule = FLAG;
  private Unit unit = Unit.RELAY;
  private String key = "";
  private Defaults defaults = new Defaults("", "");
  private Change change = Change.RESTART;
  private Optional<Option> gate = Optional.empty();
  private Audience audience = Audience.ALL;
  private Optional<Lack> lack = Optional.empty();

  private OptionBuilder(String name, char letter) {
    this.name = name;
    this.letter = letter;
  }

  static OptionBuilder option(String name, char letter) {
    return new OptionBuilder(name, letter);
  }

  static OptionBuilder option(String name) {
    return new OptionBuilder(name, (char) 0);
  }

  OptionBuilder one(ValueRule value) {
    return takes(Syntax.ONE, value);
  }

  OptionBuilder list(ValueRule item) {
    return takes(Syntax.LIST, item);
  }

  OptionBuilder optional(ValueRule item) {
    return takes(Syntax.OPTIONAL, item);
  }

  OptionBuilder process() {
    unit = Unit.PROCESS;
    return this;
  }

  OptionBuilder key(String path) {
    key = path;
    return this;
  }

  OptionBuilder by(String dropIn, String own) {
    defaults = new Defaults(dropIn, own);
    return this;
  }

  OptionBuilder by(String both) {
    return by(both, both);
  }

  OptionBuilder live() {
    change = Change.LIVE;
    return this;
  }

  /** A change takes effect at once, unless the part that it belongs to comes or goes. */
  OptionBuilder liveWith(Option part) {
    gate = Optional.of(part);
    return live();
  }

  OptionBuilder expert() {
    audience = Audience.EXPERT;
    return this;
  }

  OptionBuilder hidden() {
    audience = Audience.NOBODY;
    return this;
  }

  /** It has no effect, because of that. */
  OptionBuilder lacks(String because) {
    return lacks(because, Instead.NOTHING);
  }

  OptionBuilder lacks(String because, Instead instead) {
    lack = Optional.of(new Lack(because, instead));
    return this;
  }

  Option means(String meaning) {
    return new Option(
        name, letter, syntax, rule, unit, key, defaults, change, gate, audience, lack, meaning);
  }

  private OptionBuilder takes(Syntax taken, ValueRule value) {
    syntax = taken;
    rule = value;
    return this;
  }
}
