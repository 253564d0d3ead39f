package io.stagepost.admin.http;

import io.stagepost.admin.http.access.AccessControl;
import io.stagepost.admin.http.access.SessionApi;
import io.stagepost.admin.http.access.UserApi;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiServer;
import io.stagepost.admin.http.api.Contract;
import io.stagepost.admin.http.inject.InjectApi;
import io.stagepost.admin.http.insight.EventApi;
import io.stagepost.admin.http.insight.InsightApi;
import io.stagepost.admin.http.insight.LogApi;
import io.stagepost.admin.http.queue.BodyApi;
import io.stagepost.admin.http.queue.MessageApi;
import io.stagepost.admin.http.queue.QueueApi;
import io.stagepost.admin.http.site.Shield;
import io.stagepost.admin.http.site.SitePages;
import io.stagepost.admin.http.system.ConfigurationApi;
import io.stagepost.admin.http.system.MailboxApi;
import io.stagepost.admin.http.system.RelayApi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.List;

/** Puts together what the console's server serves. */
final class ApiRouter {

  private final Vertx vertx;
  private final HttpServices services;
  private final AccessControl access;
  private List<ApiModule> modules = List.of();

  ApiRouter(Vertx vertx, HttpServices services, AccessControl access) {
    this.vertx = vertx;
    this.services = services;
    this.access = access;
  }

  /** All parts; each may have a fragment in {@link Contract#FRAGMENTS}. */
  private List<ApiModule> modules() {
    return List.of(
        new SessionApi(vertx, services, access),
        new UserApi(vertx, services, access),
        new QueueApi(vertx),
        new MessageApi(vertx),
        new BodyApi(vertx),
        new InjectApi(vertx, services),
        new InsightApi(vertx, services),
        new EventApi(vertx, services),
        new LogApi(vertx),
        new RelayApi(vertx, services),
        new MailboxApi(vertx),
        new ConfigurationApi(vertx, services));
  }

  /** Makes everything ready. */
  Future<Router> open() {
    modules = modules();
    Shield shield =
        new Shield(
            services.settings(),
            services.relays().stream().map(relay -> relay.settings().smtp().domain()).toList());
    return Contract.load(vertx, Contract.FRAGMENTS)
        .compose(
            contract ->
                Future.all(modules.stream().map(ApiModule::open).toList())
                    .map(
                        v ->
                            new ApiServer(vertx, services, contract, access)
                                .router(modules, shield, new SitePages(vertx))));
  }

  Future<Void> close() {
    return Future.join(modules.stream().map(ApiModule::close).toList()).mapEmpty();
  }
}
