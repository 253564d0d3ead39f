package io.stagepost.deploy;

import io.stagepost.config.ClusterSettings;
import io.stagepost.net.EventLoops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Vert.x of this process: made when it is first needed, at the latest for the relays. */
final class Engine {

  private @Nullable Vertx plain;

  /** The one for reading configuration, which serves the relays too unless they are clustered. */
  Vertx plain() {
    Vertx vertx = plain;
    if (vertx == null) {
      vertx = Vertx.builder().with(options()).withTransport(SharedLoops.ofSystem()).build();
      plain = vertx;
    }
    return vertx;
  }

  /** The one for the relays. */
  Future<Vertx> forRelays(Optional<ClusterSettings> cluster) {
    if (cluster.isEmpty()) {
      return Future.succeededFuture(plain());
    }
    ClusterSettings settings = cluster.get();
    return close()
        .compose(
            closed ->
                ClusterJoin.join(options(), settings.host(), settings.port(), settings.members()));
  }

  /** Ends the one for reading configuration, if there ever was one. */
  Future<Void> close() {
    Vertx vertx = plain;
    plain = null;
    return vertx == null ? Future.succeededFuture() : vertx.close();
  }

  private static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(EventLoops.count())
        // Nothing is served from the class path, so no cache directory is needed.
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }
}
