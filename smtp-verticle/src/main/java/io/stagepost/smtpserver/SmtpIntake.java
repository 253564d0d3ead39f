package io.stagepost.smtpserver;

import io.stagepost.bus.BusMessages.SmtpControl;
import io.stagepost.config.SmtpSettings.Limits;
import io.stagepost.net.ListenAddress;
import io.stagepost.smtp.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the instances of one relay's SMTP server have in common: where they listen, and how many
 * connections they have. Thread-safe.
 *
 * <p>Bound: there is an entry for each client that is connected now, so no more than the limit of
 * connections in all.
 */
public final class SmtpIntake implements Shareable {

  private static final String MAP = "stagepost.smtp.intake";

  private final Set<ListenAddress> listening = new LinkedHashSet<>();
  private final Set<ListenAddress> missing = new HashSet<>();
  private final Map<String, Integer> byClient = new HashMap<>();
  private final String sessionPrefix;
  private SmtpControl lastOrder = SmtpControl.ENABLE;
  private int connections;
  private long sessions;
  private int instances;

  private SmtpIntake() {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    sessionPrefix = HexFormat.of().formatHex(random) + ".";
  }

  /** The intake of a relay in this process. */
  public static SmtpIntake of(Vertx vertx, String relay) {
    LocalMap<String, SmtpIntake> all = vertx.sharedData().getLocalMap(MAP);
    return all.computeIfAbsent(relay, r -> new SmtpIntake());
  }

  /** Where it listens, with the ports that port 0 became, in the order of the settings. */
  public synchronized List<ListenAddress> listening() {
    return List.copyOf(listening);
  }

  /** How many connections are open. */
  public synchronized int connections() {
    return connections;
  }

  /** Notes a listener; true for the first instance that does. */
  synchronized boolean listens(ListenAddress actual) {
    return listening.add(actual);
  }

  /** Notes an interface without address; true for the first instance that does. */
  synchronized boolean misses(ListenAddress.Interface wanted) {
    return missing.add(wanted);
  }

  /** Notes what was ordered; true for the first instance that does. */
  synchronized boolean ordered(SmtpControl order) {
    boolean news = lastOrder != order;
    lastOrder = order;
    return news;
  }

  synchronized void joined() {
    instances++;
  }

  synchronized void left() {
    instances--;
    if (instances == 0) {
      listening.clear();
      missing.clear();
    }
  }

  /** A name for a session that no other session has, in any process. */
  synchronized String newSession() {
    sessions++;
    return sessionPrefix + sessions;
  }

  /** Counts a connection in, or says why it is refused. */
  synchronized Optional<Reply> admit(String client, Limits limits) {
    if (limits.connections() > 0 && connections >= limits.connections()) {
      return Optional.of(Replies.TOO_MANY_CONNECTIONS);
    }
    int here = byClient.getOrDefault(client, 0);
    if (limits.connectionsPerClient() > 0 && here >= limits.connectionsPerClient()) {
      return Optional.of(Replies.TOO_MANY_FROM_CLIENT);
    }
    connections++;
    byClient.put(client, here + 1);
    return Optional.empty();
  }

  /** Counts a connection out that was let in. */
  synchronized void release(String client) {
    connections--;
    byClient.computeIfPresent(client, (c, count) -> count == 1 ? null : count - 1);
  }
}
