package io.stagepost.forwarder;

import io.stagepost.bus.BusMessages.FlushReply;
import io.stagepost.forwarder.Delivery.Progress;
import io.stagepost.forwarder.Delivery.Urgency;
import io.stagepost.forwarder.Loop.Next;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.LogText;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs that somebody waits for, each with a connection of its own and apart from the scheduler's.
 *
 * <p>At most ten at once; a further one is refused.
 */
final class FlushDesk {

  private static final int MOST = 10;

  private final Services services;
  private final Spool spool;
  private final Set<Flush> underWay = new LinkedHashSet<>();
  private boolean stopping;

  FlushDesk(Services services, Spool spool) {
    this.services = services;
    this.spool = spool;
  }

  /** Sends what is ready now, one message after the other. Never fails. */
  Future<FlushReply> run() {
    if (stopping) {
      return Future.succeededFuture(new FlushReply(0, "forwarding stopped"));
    }
    if (underWay.size() >= MOST) {
      return Future.succeededFuture(new FlushReply(0, "still working"));
    }
    Flush flush = new Flush();
    underWay.add(flush);
    flush.done = flush.run();
    return flush.done;
  }

  /** Lets the messages under way finish. */
  Future<Void> stop() {
    stopping = true;
    return Future.join(underWay.stream().map(flush -> flush.done).toList()).mapEmpty();
  }

  void abandon() {
    List.copyOf(underWay).forEach(flush -> flush.delivery.abandon());
  }

  private final class Flush {
    private final SingleConnection delivery = new SingleConnection(services);
    private final Dispatch dispatch = new Dispatch(spool, delivery, services);
    private Listing listing = new Listing(spool);
    private String aborted = "";
    private Future<FlushReply> done = Future.succeededFuture(new FlushReply(0, ""));

    Future<FlushReply> run() {
      return spool
          .rescan()
          .transform(
              scanned -> {
                listing = new Listing(spool); // it counts what there is when it is made
                dispatch.begin(Urgency.AT_ONCE);
                return Loop.repeat(this::next);
              })
          .recover(
              e -> {
                aborted = "cannot list the spool: " + e.getMessage();
                return Future.succeededFuture();
              })
          .eventually(delivery::stop)
          .map(v -> ended());
    }

    private Future<Next> next() {
      MessageId id = listing.poll();
      if (stopping || !aborted.isEmpty()) {
        return Future.succeededFuture(Next.DONE);
      }
      if (id != null) {
        return dispatch.attempt(id).map(this::after);
      }
      return listing.needsPage()
          ? listing.fetch().map(Next.AGAIN)
          : Future.succeededFuture(Next.DONE);
    }

    private Next after(Progress progress) {
      if (progress instanceof Progress.Aborted stopped) {
        aborted = stopped.reason();
        services.log().warn("smtp client error: " + LogText.escape(aborted));
      }
      return Next.AGAIN;
    }

    private FlushReply ended() {
      underWay.remove(this);
      return new FlushReply(listing.seen(), aborted);
    }
  }
}
