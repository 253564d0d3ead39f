package io.stagepost.admin.bridge;

import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.http.api.Caller;
import io.stagepost.admin.http.api.Gate;
import io.stagepost.admin.http.api.Scope;
import io.stagepost.bus.BusAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.bridge.BridgeEventType;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.sockjs.BridgeEvent;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bridge of the event bus at {@code /eventbus}, by WebSocket alone: delivery events can be
 * listened to, nothing can be sent. Who has it open must be known, and is asked who it is again
 * every minute.
 */
public final class EventBridge implements ApiModule {

  private static final String MOUNT = "/eventbus/*";
  private static final int MOST_SOCKETS = 300;
  private static final int MOST_ADDRESSES = 50;
  private static final int MOST_QUEUED = 1 << 20;
  private static final int POLICY_VIOLATION = 1008;
  private static final Duration CHECK = Duration.ofMinutes(1);
  // They send by POST, which would need our header against forgery.
  private static final List<String> DISABLED =
      List.of("EVENT_SOURCE", "HTML_FILE", "JSON_P", "XHR");

  private final Vertx vertx;
  private final List<String> relays;
  private final Map<SockJSSocket, RoutingContext> open = new HashMap<>();
  private long timer = -1;

  /** For the relays of these names. */
  public EventBridge(Vertx vertx, List<String> relays) {
    this.vertx = vertx;
    this.relays = List.copyOf(relays);
  }

  @Override
  public void mount(Router router, ApiRoutes routes) {
    Gate gate = routes.gate();
    SockJSHandlerOptions options = new SockJSHandlerOptions().setInsertJSESSIONID(false);
    DISABLED.forEach(options::addDisabledTransport);
    SockJSBridgeOptions permitted =
        new SockJSBridgeOptions()
            .setMaxHandlersPerSocket(MOST_ADDRESSES)
            .setPingTimeout(Duration.ofMinutes(5).toMillis());
    relays.forEach(
        relay ->
            permitted.addOutboundPermitted(
                new PermittedOptions().setAddress(new BusAddresses(relay).deliveryEvents())));
    router.route(MOUNT).handler(context -> admit(context, gate));
    router
        .route(MOUNT)
        .subRouter(SockJSHandler.create(vertx, options).bridge(permitted, this::handle));
    timer = vertx.setPeriodic(CHECK.toMillis(), t -> closeForgotten(gate));
  }

  private void admit(RoutingContext context, Gate gate) {
    try {
      gate.admit(context, Scope.READ);
      if (open.size() >= MOST_SOCKETS) {
        throw ApiProblem.later(503, "too many connections", 10);
      }
      context.next();
    } catch (ApiProblem e) {
      context.fail(e);
    }
  }

  private void handle(BridgeEvent event) {
    if (event.type() == BridgeEventType.SOCKET_CREATED) {
      event.socket().setWriteQueueMaxSize(MOST_QUEUED);
      open.put(event.socket(), event.socket().routingContext());
    } else if (event.type() == BridgeEventType.SOCKET_CLOSED) {
      open.remove(event.socket());
    }
    event.complete(true);
  }

  // Who has signed out meanwhile, or whose token was revoked, hears no more.
  private void closeForgotten(Gate gate) {
    Instant now = Instant.now();
    Map.copyOf(open)
        .forEach(
            (socket, context) -> {
              boolean known =
                  gate.caller(context.request())
                      .filter(caller -> caller.may(Scope.READ))
                      .map(Caller::expires)
                      .filter(now::isBefore)
                      .isPresent();
              if (!known) {
                open.remove(socket);
                socket.close(POLICY_VIOLATION, "sign in again");
              }
            });
  }

  @Override
  public Future<Void> close() {
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }
}
