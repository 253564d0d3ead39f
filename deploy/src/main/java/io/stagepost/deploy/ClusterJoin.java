package io.stagepost.deploy;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;

/**
 * Joins the processes of a relay into one event bus, by Hazelcast over TCP.
 *
 * <p>Members are found by a list of addresses only, never by multicast.
 */
final class ClusterJoin {

  private static final String NAME = "stagepost";
  // How long Hazelcast waits for each member of the list that does not answer.
  private static final int CONNECT_SECONDS = 2;

  private ClusterJoin() {}

  /**
   * Starts a clustered Vert.x.
   *
   * @param host the address to listen on for other members
   * @param port the port, or the next free one after it
   * @param members the addresses ({@code host:port}) to look for others at
   */
  static Future<Vertx> join(VertxOptions options, String host, int port, List<String> members) {
    options.getEventBusOptions().setHost(host).setClusterPublicHost(host);
    return Vertx.builder()
        .with(options)
        .withTransport(SharedLoops.ofSystem())
        .withClusterManager(new HazelcastClusterManager(config(host, port, members)))
        .buildClustered();
  }

  private static Config config(String host, int port, List<String> members) {
    Config config = new Config(NAME);
    config
        .setClusterName(NAME)
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        // With few members the partitions of the default only cost memory and time.
        .setProperty("hazelcast.partition.count", "31");
    config.getJetConfig().setEnabled(false);
    NetworkConfig network = config.getNetworkConfig();
    network.setPort(port).setPortAutoIncrement(true);
    network.getInterfaces().setEnabled(true).addInterface(host);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network
        .getJoin()
        .getTcpIpConfig()
        .setEnabled(true)
        .setConnectionTimeoutSeconds(CONNECT_SECONDS)
        .setMembers(members);
    // What Vert.x asks of these structures.
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setBackupCount(1)
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
    config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
    return config;
  }
}
