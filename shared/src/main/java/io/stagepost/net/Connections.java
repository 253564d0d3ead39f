package io.stagepost.net;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where this process listens, and which connections it has with others, in and out. Thread-safe.
 *
 * <p>Bound: an entry for each open socket. Steps are told to the {@link ActivityFeed}.
 */
public final class Connections implements Shareable {

  private static final String NAME = "stagepost.connections";
  private static final String NETWORK = "network";

  private final ActivityFeed feed;
  private final Map<ListenAddress, Integer> listening = new LinkedHashMap<>();
  private final Traffic in = new Traffic();
  private final Traffic out = new Traffic();

  /** Connections of one direction. */
  private static final class Traffic {
    private final LongAdder started = new LongAdder();
    private final LongAdder finished = new LongAdder();
    private final Set<Link> open = ConcurrentHashMap.newKeySet();

    private Summary summary() {
      return new Summary(started.sum(), finished.sum(), List.copyOf(open));
    }
  }

  /** Both ends of a connection, as the log shows them; two of them are never equal. */
  public static final class Link {
    private final NetSocket socket;

    private Link(NetSocket socket) {
      this.socket = socket;
    }

    /** Our end. */
    public String local() {
      return AddressText.of(socket.localAddress());
    }

    /** The other end. */
    public String remote() {
      return AddressText.of(socket.remoteAddress());
    }
  }

  /**
   * The connections of one direction.
   *
   * @param started how many there have been
   * @param finished how many of them have ended
   */
  public record Summary(long started, long finished, List<Link> open) {}

  private Connections(ActivityFeed feed) {
    this.feed = feed;
  }

  /** Those of this process. */
  public static Connections of(Vertx vertx) {
    LocalMap<String, Connections> all = vertx.sharedData().getLocalMap(NAME);
    return all.computeIfAbsent(NAME, n -> new Connections(ActivityFeed.of(vertx)));
  }

  /** Where it listens, in the order in which that began. */
  public List<ListenAddress> listening() {
    synchronized (listening) {
      return List.copyOf(listening.keySet());
    }
  }

  /** Connections that others have made to us. */
  public Summary in() {
    return in.summary();
  }

  /** Connections that we have made to others. */
  public Summary out() {
    return out.summary();
  }

  void listens(ListenAddress address) {
    synchronized (listening) {
      listening.merge(address, 1, Integer::sum);
    }
  }

  void listensNoMore(ListenAddress address) {
    synchronized (listening) {
      listening.computeIfPresent(address, (a, users) -> users == 1 ? null : users - 1);
    }
  }

  /** Somebody has connected; the end is noticed here. */
  void accepted(NetSocket socket) {
    in.started.increment();
    feed.tell(NETWORK, "in", "start");
    Link link = new Link(socket);
    in.open.add(link);
    onClose(
        socket,
        () -> {
          in.open.remove(link);
          in.finished.increment();
          feed.tell(NETWORK, "in", "stop");
        });
  }

  /** Somebody is to be connected to; exactly one of the attempt's methods is to be called. */
  public Attempt attempt() {
    out.started.increment();
    feed.tell(NETWORK, "out", "start");
    return new Attempt();
  }

  /** A connection that is being made. */
  public final class Attempt {
    private final AtomicBoolean ended = new AtomicBoolean();

    private Attempt() {}

    /** It is there; the end is noticed here. */
    public void connected(NetSocket socket) {
      Link link = new Link(socket);
      out.open.add(link);
      onClose(
          socket,
          () -> {
            out.open.remove(link);
            failed();
          });
    }

    /** It could not be made. */
    public void failed() {
      if (ended.compareAndSet(false, true)) {
        out.finished.increment();
        feed.tell(NETWORK, "out", "stop");
      }
    }
  }

  // The socket's own handler belongs to the protocol.
  private static void onClose(NetSocket socket, Runnable then) {
    Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
    channel.closeFuture().addListener(closed -> then.run());
  }
}
