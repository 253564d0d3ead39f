package io.stagepost.config;

import static io.stagepost.config.OptionBuilder.option;

import java.util.List;

/** The part of the option table about who is told what happens: webhooks and metrics. */
final class WatchOptions {

  private static final ValueRule RANGE =
      new ValueRule("range", "an IP address or range", ValueText::isAddressRange);

  static final Option WEBHOOK_ALLOW =
      option("webhook-allow")
          .list(RANGE)
          .process()
          .key("webhooks.allow")
          .means("addresses that webhooks may go to besides public ones, and without HTTPS");
  static final Option WEBHOOK_RETRY =
      option("webhook-retry")
          .one(ValueRule.period(1))
          .by("3d")
          .process()
          .key("webhooks.retry")
          .means("how long an event is sent again to a receiver that does not take it");
  static final Option WEBHOOK_BACK_OFF =
      option("webhook-back-off")
          .one(ValueRule.period(1))
          .by("5s")
          .process()
          .key("webhooks.back-off")
          .expert()
          .means("time before it is sent again for the first time; three times as long each time");
  static final Option WEBHOOK_TIMEOUT =
      option("webhook-timeout")
          .one(ValueRule.period(1))
          .by("15s")
          .process()
          .key("webhooks.timeout")
          .expert()
          .means("how long a receiver may take to answer");
  static final Option METRICS =
      option("metrics")
          .process()
          .key("metrics.on")
          .means("measure, and serve it for Prometheus at /metrics of the console");
  static final Option METRICS_CLIENTS =
      option("metrics-clients")
          .list(RANGE)
          .process()
          .key("metrics.clients")
          .means("addresses that may read the metrics without a token");

  static final List<Option> ALL =
      List.of(
          WEBHOOK_ALLOW,
          WEBHOOK_RETRY,
          WEBHOOK_BACK_OFF,
          WEBHOOK_TIMEOUT,
          METRICS,
          METRICS_CLIENTS);

  private WatchOptions() {}
}
