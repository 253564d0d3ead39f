package io.stagepost.config;

import org.jspecify.annotations.Nullable;

/**
 * One use of an option.
 *
 * @param relay the relay that it names; empty when it names none
 * @param spelled as it was written, for messages
 * @param value as it was written; none for a flag that is switched on and for an optional value
 *     that was left out
 * @param origin where
 */
record Setting(String relay, Option option, String spelled, @Nullable String value, Origin origin) {

  boolean isFrom(Origin.Format format) {
    return origin instanceof Origin.File file && file.format() == format;
  }

  Setting withValue(@Nullable String other) {
    return new Setting(relay, option, spelled, other, origin);
  }

  Setting withRelay(String other) {
    return new Setting(other, option, spelled, value, origin);
  }

  Setting withOrigin(Origin other) {
    return new Setting(relay, option, spelled, value, other);
  }

  /** The opposite sense, when the value has one. */
  Setting inverted() {
    return value == null
        ? withValue("no")
        : YesNo.of(value).map(yes -> withValue(yes == YesNo.YES ? "no" : "yes")).orElse(this);
  }
}
