package io.stagepost.pop;

import io.stagepost.auth.Privacy;
import io.stagepost.config.PopSettings;
import io.stagepost.config.RelaySettings;
import io.stagepost.config.SmtpSettings.Clients;
import io.stagepost.events.EventLog;
import io.stagepost.events.RelayStore;
import io.stagepost.net.AddressText;
import io.stagepost.net.Listeners;
import io.stagepost.net.tls.TlsUpgrade;
import io.stagepost.pop.maildrop.Maildrop;
import io.stagepost.pop.maildrop.MaildropWorkers;
import io.stagepost.pop.maildrop.Maildrops;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The POP3 server of a relay (RFC 1939). Any number of instances share the listening ports, so that
 * each event loop has its own; {@link PopService} tells where they listen.
 */
public final class PopVerticle extends VerticleBase {

  private final String relay;
  private final Supplier<Profile> profiles;
  private final Spool spool;
  private final EventLog events;
  private final RelayLog log;

  private final Set<PopSession> sessions = new LinkedHashSet<>();
  private final List<Listeners> listeners = new ArrayList<>();
  private @Nullable MaildropWorkers workers;

  /**
   * An instance.
   *
   * @param relay the relay's name on the event bus
   * @param access opened and closed by others
   * @param store where messages are; opened and closed by others
   */
  public PopVerticle(String relay, PopSettings settings, Access access, RelayStore store) {
    this(relay, () -> new Profile(settings, access), store);
  }

  /**
   * An instance whose settings may change: each session keeps those that it began with, and where
   * it listens stays as it is.
   *
   * @param relay the relay's name on the event bus
   * @param profiles what holds at the time
   * @param store where messages are; opened and closed by others
   */
  public PopVerticle(String relay, Supplier<Profile> profiles, RelayStore store) {
    this.relay = relay;
    this.profiles = profiles;
    this.spool = store.spool();
    this.events = store.events();
    this.log = RelayLog.of(relay.equals(RelaySettings.DEFAULT_NAME) ? "" : relay);
  }

  @Override
  public Future<?> start() {
    PopService service = PopService.of(vertx, relay);
    service.joined();
    workers = new MaildropWorkers(vertx);
    Reception desk = new Reception(service, workers);
    Listeners plain = listeners("pop.", desk, Privacy.CLEAR);
    Listeners tls = listeners("pops.", desk, Privacy.ENCRYPTED);
    listeners.addAll(List.of(plain, tls));
    PopSettings.Listen where = profiles.get().settings().listen();
    return plain
        .open(where.plain())
        .compose(v -> tls.open(where.tls()))
        // stop() is not called then
        .recover(e -> end().transform(v -> Future.failedFuture(e)));
  }

  /** Ends all sessions as if their clients had gone: nothing is removed. */
  @Override
  public Future<?> stop() {
    List.copyOf(sessions).forEach(s -> s.abort("service shutting down"));
    return end();
  }

  private Future<Void> end() {
    return Future.join(listeners.stream().map(Listeners::close).toList())
        .transform(v -> workers == null ? Future.<Void>succeededFuture() : workers.close())
        .eventually(
            () -> {
              PopService.of(vertx, relay).left();
              return Future.succeededFuture();
            });
  }

  private Listeners listeners(String name, Reception desk, Privacy privacy) {
    NetServerOptions options = new NetServerOptions().setTcpNoDelay(true);
    return new Listeners(
        vertx,
        name + relay,
        options,
        socket -> desk.receive(socket, privacy),
        new ListenerLog(desk.service, log));
  }

  /** Lets clients in. */
  private final class Reception {

    private final PopService service;
    private final MaildropWorkers workers;
    private final Retrieval.Reading reading;

    Reception(PopService service, MaildropWorkers workers) {
      this.service = service;
      this.workers = workers;
      this.reading = new Retrieval.Reading(workers, service.readAhead());
    }

    void receive(NetSocket socket, Privacy privacy) {
      Profile profile = profiles.get();
      SocketAddress remote = socket.remoteAddress();
      String address = AddressText.host(remote);
      Client client =
          new Client(
              address,
              AddressText.of(remote),
              log.withPeer(address, remote.isInetSocket() ? remote.port() : 0));
      if (isRefused(profile, client, remote)) {
        client.log().warn("connection rejected from " + client.peer());
        socket.close();
        return;
      }
      client.log().info("pop connection from " + client.peer());
      if (privacy == Privacy.ENCRYPTED && profile.access().tls().isEmpty()) {
        client
            .log()
            .warn("connection rejected from " + client.peer() + ": no certificate any more");
        service.release(client.address());
        socket.close();
        return;
      }
      profile.access().accounts().refresh();
      serve(socket, profile, client, privacy);
    }

    private boolean isRefused(Profile profile, Client client, SocketAddress remote) {
      PopSettings.Admission admission = profile.settings().admission();
      if (admission.clients() == Clients.LOCAL && !isLocal(admission, remote)) {
        client
            .log()
            .warn(
                "configured to reject non-local pop connection: "
                    + client.address()
                    + " is not in "
                    + admission.local());
        return true;
      }
      return profile.access().accounts().isBanned(client.address())
          || !service.admit(client.address(), admission);
    }

    private boolean isLocal(PopSettings.Admission admission, SocketAddress remote) {
      return !remote.isInetSocket() || admission.local().contains(AddressText.host(remote));
    }

    private void serve(NetSocket socket, Profile profile, Client client, Privacy privacy) {
      SocketConnection connection = new SocketConnection(vertx, socket);
      PopEvents told = new PopEvents(vertx, events, relay);
      Verbs verbs = new Verbs(profile, client, desk(profile), told, privacy);
      PopSession session = new PopSession(connection, profile, verbs, client);
      sessions.add(session);
      IdleWatch watch = new IdleWatch(vertx, profile.settings().idle(), session);
      socket
          .handler(session::received)
          .drainHandler(v -> session.drained())
          .exceptionHandler(e -> {}) // the close that follows is what matters
          .closeHandler(
              v -> {
                watch.stop();
                connection.closed();
                session.closed();
                service.release(client.address());
                sessions.remove(session);
              });
      watch.start();
      if (privacy == Privacy.CLEAR) {
        session.start();
        return;
      }
      TlsUpgrade.accept(socket, profile.access().tls().orElseThrow())
          .onSuccess(
              facts -> {
                client.log().info(facts.established(client.peer()));
                session.start();
              })
          .onFailure(
              e -> {
                client
                    .log()
                    .warn("tls: tls error: " + LogText.escape(String.valueOf(e.getMessage())));
                session.abort("peer disconnected: ssl accept");
              });
    }

    private LoginVerbs.Desk desk(Profile profile) {
      Maildrops maildrops = new Maildrops(vertx, profile.settings(), spool, workers);
      return new LoginVerbs.Desk() {
        @Override
        public Future<Maildrop> open(String account) {
          return maildrops.open(account, log);
        }

        @Override
        public Retrieval.Reading reading() {
          return reading;
        }
      };
    }
  }
}
