package io.stagepost.config;

import io.vertx.core.json.Json;
import java.util.List;

/** Writes values as they stand in {@code relay.conf}. */
final class HoconValue {

  private HoconValue() {}

  /** What holds, whether given or not; nothing when it has no value. */
  static String of(OptionValues values, Option option) {
    return switch (option.syntax()) {
      case NONE -> flag(values.count(option), option);
      case ONE -> values.text(option).map(HoconValue::scalar).orElse("");
      case LIST -> list(values.list(option));
      case OPTIONAL ->
          !values.isOn(option)
              ? "no"
              : values.list(option).isEmpty() ? "yes" : list(values.list(option));
    };
  }

  /** Stagepost's own default. */
  static String usual(Option option) {
    String usual = option.defaults().own();
    return switch (option.syntax()) {
      case NONE -> flag(usual.isEmpty() ? 0 : 1, option);
      case ONE -> usual.isEmpty() ? "" : scalar(usual);
      case LIST -> list(ValueText.items(usual));
      case OPTIONAL -> usual.isEmpty() ? "no" : list(ValueText.items(usual));
    };
  }

  static String list(List<String> items) {
    return "[" + String.join(", ", items.stream().map(HoconValue::scalar).toList()) + "]";
  }

  /** A number as it is, anything else between quotes. */
  static String scalar(String value) {
    boolean number = ValueText.isNumber(value, 0, Long.MAX_VALUE) && !value.matches("0.+");
    return number ? value : Json.encode(value);
  }

  private static String flag(int count, Option option) {
    if (count > 1) {
      return String.valueOf(count);
    }
    return count > 0 != option.isKeyInverted() ? "yes" : "no";
  }
}
