package io.stagepost.admin;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.DeliveryEvent;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Keeps count of what happens to a relay's messages and tells whoever asks.
 *
 * <p>The answer to {@link BusAddresses#statisticsGet()} is a JSON object: {@code events} holds a
 * number for each type of delivery event since the start, {@code spool} one for each state of
 * messages.
 */
public final class AdminVerticle extends VerticleBase {

  private final BusAddresses addresses;
  private final Spool spool;
  private final RelayLog log;
  private final Map<DeliveryEvent.Type, Long> counts = new EnumMap<>(DeliveryEvent.Type.class);

  /** The administration of the relay of this name. */
  public AdminVerticle(String relay, Spool spool, RelayLog log) {
    this.addresses = new BusAddresses(relay);
    this.spool = spool;
    this.log = log;
    for (DeliveryEvent.Type type : DeliveryEvent.Type.values()) {
      counts.put(type, 0L);
    }
  }

  @Override
  public Future<?> start() {
    vertx.eventBus().<JsonObject>consumer(addresses.deliveryEvents(), m -> count(m.body()));
    return vertx
        .eventBus()
        .consumer(addresses.statisticsGet(), m -> m.reply(statistics()))
        .completion();
  }

  @Override
  public Future<?> stop() {
    log.verbose("statistics: " + statistics().encode());
    return Future.succeededFuture();
  }

  private void count(JsonObject event) {
    DeliveryEvent.Type.ofWireName(event.getString("type", ""))
        .ifPresent(type -> counts.merge(type, 1L, Long::sum));
  }

  private JsonObject statistics() {
    JsonObject events = new JsonObject();
    counts.forEach((type, count) -> events.put(type.wireName(), count));
    JsonObject states = new JsonObject();
    for (Spool.State state : Spool.State.values()) {
      states.put(state.name().toLowerCase(Locale.ROOT), spool.count(state));
    }
    return JsonObject.of("events", events, "spool", states);
  }
}
