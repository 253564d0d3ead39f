package io.stagepost.admin.queue;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages.FlushReply;
import io.stagepost.bus.BusMessages.FlushRequest;
import io.stagepost.bus.BusMessages.RunRequest;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Has the queue sent on. What can't be done fails with {@link ForwardException}, whose message says
 * why.
 */
public final class ForwardDesk {

  private static final String REASON = "admin";
  // Longer than any run that somebody would wait for.
  private static final Duration FLUSH_LIMIT = Duration.ofDays(1);

  private final EventBus bus;
  private final BusAddresses addresses;
  private final Supplier<Optional<String>> obstacle;

  /**
   * The desk of the relay of this name.
   *
   * @param obstacle why nothing is forwarded as things are, if so
   */
  public ForwardDesk(EventBus bus, String relay, Supplier<Optional<String>> obstacle) {
    this.bus = bus;
    this.addresses = new BusAddresses(relay);
    this.obstacle = obstacle;
  }

  /** Why nothing was sent on. */
  public static final class ForwardException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForwardException(String reason) {
      super(reason);
    }
  }

  /** Starts a run in the background; completes when it is noted. */
  public Future<Void> forward() {
    return possible()
        .compose(v -> bus.request(addresses.forwardRun(), new RunRequest(REASON)))
        .recover(ForwardDesk::fail)
        .mapEmpty();
  }

  /**
   * Has a run of its own, and completes when that has ended with nothing left to try.
   *
   * @return how many messages were looked at, at least one
   */
  public Future<Long> flush() {
    DeliveryOptions patience = new DeliveryOptions().setSendTimeout(FLUSH_LIMIT.toMillis());
    return possible()
        .compose(
            v -> bus.<FlushReply>request(addresses.forwardFlush(), new FlushRequest(), patience))
        .map(Message::body)
        .recover(ForwardDesk::fail)
        .compose(
            reply -> {
              if (!reply.aborted().isEmpty()) {
                return Future.failedFuture(new ForwardException(reply.aborted()));
              }
              return reply.messages() == 0
                  ? Future.failedFuture(new ForwardException("no messages to send"))
                  : Future.succeededFuture(reply.messages());
            });
  }

  private Future<Void> possible() {
    return obstacle
        .get()
        .map(why -> Future.<Void>failedFuture(new ForwardException(why)))
        .orElseGet(Future::succeededFuture);
  }

  private static <T> Future<T> fail(Throwable e) {
    if (e instanceof ForwardException) {
      return Future.failedFuture(e);
    }
    boolean nobody =
        e instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    return Future.failedFuture(
        new ForwardException(nobody ? "forwarding is stopped" : String.valueOf(e.getMessage())));
  }
}
