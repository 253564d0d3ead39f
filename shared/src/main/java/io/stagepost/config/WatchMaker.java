package io.stagepost.config;

import io.stagepost.net.AddressRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the settings of webhooks and metrics. */
final class WatchMaker {

  private WatchMaker() {}

  static WebhookSettings webhooks(OptionValues values) {
    return new WebhookSettings(
        AddressRanges.parse(values.list(WatchOptions.WEBHOOK_ALLOW)),
        values.period(WatchOptions.WEBHOOK_RETRY),
        values.period(WatchOptions.WEBHOOK_BACK_OFF),
        values.period(WatchOptions.WEBHOOK_TIMEOUT));
  }

  static Optional<MetricsSettings> metrics(OptionValues values) {
    return values.isOn(WatchOptions.METRICS)
        ? Optional.of(
            new MetricsSettings(AddressRanges.parse(values.list(WatchOptions.METRICS_CLIENTS))))
        : Optional.empty();
  }

  /** What is wrong: all of it is part of the console. */
  static List<Problem> problems(OptionValues values) {
    List<Problem> problems = new ArrayList<>();
    for (Option option : WatchOptions.ALL) {
      Option needed =
          option.equals(WatchOptions.METRICS_CLIENTS)
              ? WatchOptions.METRICS
              : HttpOptions.HTTP_PORT;
      if (values.isTyped(option) && values.isGiven(option) && !values.isOn(needed)) {
        problems.add(
            Problem.usage(values.told(option) + " needs " + values.spelledAs(needed, option)));
      }
    }
    return problems;
  }
}
