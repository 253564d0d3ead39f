package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import java.util.List;

/** The part of the option table about the log of delivery events. */
final class EventOptions {

  static final Option EVENTS_SIZE =
      option("events-size")
          .one(ValueRule.size())
          .by("64M")
          .key("events.size")
          .expert()
          .means(
              "disk space for what has become of messages, in the spool directory (0: none kept)");
  static final Option EVENTS_KEEP =
      option("events-keep")
          .one(ValueRule.period(60))
          .by("7d")
          .key("events.keep")
          .expert()
          .means("how long that is kept for messages that have left the spool");

  static final List<Option> ALL = List.of(EVENTS_SIZE, EVENTS_KEEP);

  private EventOptions() {}
}
