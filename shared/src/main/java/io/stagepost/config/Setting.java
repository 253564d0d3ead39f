package io.stagepost.config;

import org.jspecify.annotations.Nullable;

/**
 * One use of an option.
 *
 * @param spelled as it was written, for messages
 * @param value as it was written; none for a flag that is switched on and for an optional value
 *     that was left out
 * @param origin where
 */
record Setting(Option option, String spelled, @Nullable String value, Origin origin) {

  boolean isFrom(Origin.Format format) {
    return origin instanceof Origin.File file && file.format() == format;
  }

  Setting withValue(@Nullable String other) {
    return new Setting(option, spelled, other, origin);
  }

  /** The opposite sense, when the value has one. */
  Setting inverted() {
    return value == null
        ? withValue("no")
        : YesNo.of(value).map(yes -> withValue(yes == YesNo.YES ? "no" : "yes")).orElse(this);
  }
}
