package io.stagepost.admin.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.LongConsumer;

/** What is measured in the process. There is one only when metrics are wanted. Thread-safe. */
public final class Meters {

  private static final Duration[] SHORT = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };
  private static final Duration[] LONG = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(4),
    Duration.ofDays(1),
    Duration.ofDays(5)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Timer loopLag =
      Timer.builder("stagepost.eventloop.lag")
          .description("How late timers of the event loops run")
          .serviceLevelObjectives(SHORT)
          .register(registry);

  /** Numbers of the process are there from the beginning. */
  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Takes the nanoseconds that each sync of a relay's spool takes. */
  public LongConsumer syncs(String relay) {
    Timer timer =
        Timer.builder("stagepost.spool.sync")
            .description("How long the spool's disk takes for a sync")
            .tag("relay", relay)
            .serviceLevelObjectives(SHORT)
            .register(registry);
    return nanos -> timer.record(Duration.ofNanos(nanos));
  }

  Timer loopLag() {
    return loopLag;
  }

  Counter events(String relay, String type) {
    return Counter.builder("stagepost.events")
        .description("Delivery events")
        .tag("relay", relay)
        .tag("type", type)
        .register(registry);
  }

  Timer delivery(String relay) {
    return Timer.builder("stagepost.delivery")
        .description("From the message's acceptance to the next hop's")
        .tag("relay", relay)
        .serviceLevelObjectives(LONG)
        .register(registry);
  }
}
