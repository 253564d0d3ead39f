package io.stagepost.pop;

import io.stagepost.config.PopSettings.Admission;
import io.stagepost.net.ListenAddress;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the instances of one relay's POP server have in common: where they listen, how many
 * connections they have, and how much they have read ahead. Thread-safe.
 *
 * <p>Bound: there is an entry for each client that is connected now.
 */
public final class PopService implements Shareable {

  private static final String MAP = "stagepost.pop.service";

  private final Set<ListenAddress> listening = new LinkedHashSet<>();
  private final Set<ListenAddress> missing = new HashSet<>();
  private final Map<String, Integer> byClient = new HashMap<>();
  private final ReadAhead readAhead = new ReadAhead();
  private int connections;
  private int instances;

  private PopService() {}

  /** The service of a relay in this process. */
  public static PopService of(Vertx vertx, String relay) {
    LocalMap<String, PopService> all = vertx.sharedData().getLocalMap(MAP);
    return all.computeIfAbsent(relay, r -> new PopService());
  }

  /**
   * Where it listens, with the ports that port 0 became: in the order of the settings, first those
   * for connections that begin in the clear.
   */
  public synchronized List<ListenAddress> listening() {
    return List.copyOf(listening);
  }

  /** How many connections are open. */
  public synchronized int connections() {
    return connections;
  }

  ReadAhead readAhead() {
    return readAhead;
  }

  /** Notes a listener; true for the first instance that does. */
  synchronized boolean listens(ListenAddress actual) {
    return listening.add(actual);
  }

  /** Notes an interface without address; true for the first instance that does. */
  synchronized boolean misses(ListenAddress.Interface wanted) {
    return missing.add(wanted);
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

  /** Counts a connection in; false when it is one too many. */
  synchronized boolean admit(String client, Admission admission) {
    int here = byClient.getOrDefault(client, 0);
    boolean full = admission.connections() > 0 && connections >= admission.connections();
    boolean tooMany =
        admission.connectionsPerClient() > 0 && here >= admission.connectionsPerClient();
    if (full || tooMany) {
      return false;
    }
    connections++;
    byClient.put(client, here + 1);
    return true;
  }

  /** Counts a connection out that was let in. */
  synchronized void release(String client) {
    connections--;
    byClient.computeIfPresent(client, (c, count) -> count == 1 ? null : count - 1);
  }
}
