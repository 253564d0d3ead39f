package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings;
import io.stagepost.config.ForwardSettings.Feature;
import io.stagepost.config.ForwardSettings.RecipientPolicy;
import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.config.ForwardSettings.Timeouts;
import io.stagepost.config.ForwardSettings.Trigger;
import io.stagepost.config.SecuritySettings;
import io.stagepost.net.NextHop;
import io.stagepost.net.SocksProxy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Settings for tests, one change at a time. */
record TestSettings(ForwardSettings value, SecuritySettings security) {

  /** One run over one connection, as the drop-in commands do it. */
  static TestSettings oneShot(int port) {
    return new TestSettings(
        new ForwardSettings(
            "relay.test",
            Optional.of(new NextHop.Tcp("127.0.0.1", port)),
            Set.of(Trigger.ONE_SHOT),
            Optional.empty(),
            1,
            RecipientPolicy.ALL,
            TemporaryFailures.FAIL,
            Set.of(Feature.LINGER, Feature.SMTPUTF8STRICT, Feature.BINARYMIMESTRICT),
            Timeouts.DEFAULT,
            Optional.empty(),
            Optional.empty()),
        SecuritySettings.NONE);
  }

  /** As messages come, over several connections. */
  static TestSettings modern(int port, int connections) {
    return oneShot(port)
        .triggers(Set.of(Trigger.ARRIVAL))
        .connections(connections)
        .troubles(TemporaryFailures.KEEP)
        .features(Set.of(Feature.LINGER, Feature.PIPELINING, Feature.CHUNKING));
  }

  TestSettings domain(String domain) {
    return copy(domain, value.nextHop(), value.triggers(), value.connections());
  }

  TestSettings nextHop(NextHop hop) {
    return copy(value.domain(), Optional.of(hop), value.triggers(), value.connections());
  }

  TestSettings triggers(Set<Trigger> triggers) {
    return copy(value.domain(), value.nextHop(), triggers, value.connections());
  }

  TestSettings connections(int connections) {
    return copy(value.domain(), value.nextHop(), value.triggers(), connections);
  }

  TestSettings recipients(RecipientPolicy policy) {
    return with(policy, value.temporaryFailures(), value.features(), value.timeouts());
  }

  TestSettings troubles(TemporaryFailures troubles) {
    return with(value.recipients(), troubles, value.features(), value.timeouts());
  }

  TestSettings features(Set<Feature> features) {
    return with(value.recipients(), value.temporaryFailures(), features, value.timeouts());
  }

  TestSettings timeouts(Timeouts timeouts) {
    return with(value.recipients(), value.temporaryFailures(), value.features(), timeouts);
  }

  TestSettings poll(Duration period) {
    ForwardSettings v = value;
    return with(
        new ForwardSettings(
            v.domain(),
            v.nextHop(),
            v.triggers(),
            Optional.of(period),
            v.connections(),
            v.recipients(),
            v.temporaryFailures(),
            v.features(),
            v.timeouts(),
            v.localAddress(),
            v.proxy()));
  }

  TestSettings localAddress(String address) {
    ForwardSettings v = value;
    return with(
        new ForwardSettings(
            v.domain(),
            v.nextHop(),
            v.triggers(),
            v.poll(),
            v.connections(),
            v.recipients(),
            v.temporaryFailures(),
            v.features(),
            v.timeouts(),
            Optional.of(address),
            v.proxy()));
  }

  TestSettings security(SecuritySettings other) {
    return new TestSettings(value, other);
  }

  private TestSettings with(ForwardSettings changed) {
    return new TestSettings(changed, security);
  }

  TestSettings proxy(SocksProxy proxy) {
    ForwardSettings v = value;
    return with(
        new ForwardSettings(
            v.domain(),
            v.nextHop(),
            v.triggers(),
            v.poll(),
            v.connections(),
            v.recipients(),
            v.temporaryFailures(),
            v.features(),
            v.timeouts(),
            v.localAddress(),
            Optional.of(proxy)));
  }

  private TestSettings copy(
      String domain, Optional<NextHop> hop, Set<Trigger> triggers, int connections) {
    ForwardSettings v = value;
    return with(
        new ForwardSettings(
            domain,
            hop,
            triggers,
            v.poll(),
            connections,
            v.recipients(),
            v.temporaryFailures(),
            v.features(),
            v.timeouts(),
            v.localAddress(),
            v.proxy()));
  }

  private TestSettings with(
      RecipientPolicy policy, TemporaryFailures troubles, Set<Feature> features, Timeouts times) {
    ForwardSettings v = value;
    return with(
        new ForwardSettings(
            v.domain(),
            v.nextHop(),
            v.triggers(),
            v.poll(),
            v.connections(),
            policy,
            troubles,
            features,
            times,
            v.localAddress(),
            v.proxy()));
  }
}
