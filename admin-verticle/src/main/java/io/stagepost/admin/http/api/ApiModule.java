package io.stagepost.admin.http.api;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;

/**
 * A part of the programming interface, or something else that is served beside it.
 *
 * <p>Its operations are described by a fragment of the contract, a resource {@code <name>.yaml} of
 * the package's {@code contract} directory; each is given what does it by {@link #addTo}.
 */
public interface ApiModule {

  /** Gives the operations of the contract what does them. */
  default void addTo(ApiRoutes routes) {}

  /**
   * Adds routes that are not in the contract, such as those for other programs. They have passed
   * the checks of host and origin, and nothing else: {@link ApiRoutes#gate()} knows who asks.
   */
  default void mount(Router router, ApiRoutes routes) {}

  /** Makes ready; requests wait for it. */
  default Future<Void> open() {
    return Future.succeededFuture();
  }

  /** Lets go of everything. */
  default Future<Void> close() {
    return Future.succeededFuture();
  }
}
