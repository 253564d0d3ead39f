package io.stagepost.admin.http;

import io.stagepost.auth.ServerAuthenticator;
import io.stagepost.config.ConfigurationWatch;
import io.stagepost.config.HttpSettings;
import io.stagepost.config.ProcessSettings;
import io.stagepost.net.tls.ServerTls;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the console works with.
 *
 * @param relays at least one; the first is meant when none is named
 * @param tls present when it is served by HTTPS
 * @param accounts whose passwords are asked for; open, and closed by whoever made it
 * @param state a directory of its own, made when it is needed
 * @param configuration completes when the configuration file is watched; never without one
 */
public record HttpServices(
    ProcessSettings process,
    HttpSettings settings,
    List<ManagedRelay> relays,
    Optional<ServerTls> tls,
    ServerAuthenticator accounts,
    Path state,
    Future<ConfigurationWatch> configuration) {

  /** Copies the list. */
  public HttpServices {
    relays = List.copyOf(relays);
  }

  /** The relay of that name. */
  public Optional<ManagedRelay> relay(String name) {
    return relays.stream().filter(relay -> relay.name().equals(name)).findFirst();
  }
}
