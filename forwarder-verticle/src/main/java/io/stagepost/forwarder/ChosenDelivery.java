package io.stagepost.forwarder;

import io.stagepost.spool.Claim;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Set;

/**
 * One connection or several, as the settings have it; when that changes, what is under way ends the
 * old way.
 */
final class ChosenDelivery implements Delivery {

  private final Services services;
  private final Set<Delivery> former = new HashSet<>();
  private Delivery current;
  private boolean several;

  ChosenDelivery(Services services) {
    this.services = services;
    this.several = wantsSeveral();
    this.current = make();
  }

  @Override
  public int room() {
    return chosen().room();
  }

  @Override
  public void begin(Urgency urgency) {
    chosen().begin(urgency);
  }

  @Override
  public Future<Progress> deliver(Claim claim, Route route) {
    return chosen().deliver(claim, route);
  }

  @Override
  public Future<Void> rest() {
    return chosen().rest();
  }

  @Override
  public Future<Void> stop() {
    Future<Void> stopped = current.stop();
    return Future.join(stopped, Future.join(former.stream().map(Delivery::stop).toList()))
        .mapEmpty();
  }

  @Override
  public void abandon() {
    current.abandon();
    former.forEach(Delivery::abandon);
  }

  private Delivery chosen() {
    if (several != wantsSeveral()) {
      Delivery old = current;
      several = !several;
      current = make();
      former.add(old);
      old.stop().onComplete(v -> former.remove(old));
    }
    return current;
  }

  private boolean wantsSeveral() {
    return services.sessions().settings().connections() > 1;
  }

  private Delivery make() {
    return several ? new HopPools(services) : new SingleConnection(services);
  }
}
