package io.stagepost.admin.console;

import io.stagepost.admin.bridge.EventBridge;
import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.api.AccessControl;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiServer;
import io.stagepost.admin.http.api.Contract;
import io.stagepost.admin.http.api.SessionApi;
import io.stagepost.admin.http.api.UserApi;
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
import io.stagepost.admin.metrics.HealthPages;
import io.stagepost.admin.metrics.MeasuredRelay;
import io.stagepost.admin.metrics.Meters;
import io.stagepost.admin.metrics.MetricsPage;
import io.stagepost.admin.webhook.WebhookApi;
import io.stagepost.admin.webhook.Webhooks;
import io.stagepost.config.ProcessSettings.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts together what the console's server serves. */
final class ApiRouter {

  private final Vertx vertx;
  private final HttpServices services;
  private final Optional<Meters> meters;
  private final AccessControl access;
  private List<ApiModule> modules = List.of();

  ApiRouter(Vertx vertx, HttpServices services, Optional<Meters> meters, AccessControl access) {
    this.vertx = vertx;
    this.services = services;
    this.meters = meters;
    this.access = access;
  }

  /** All parts; each may have a fragment in {@link Contract#FRAGMENTS}. */
  private List<ApiModule> modules() {
    Webhooks webhooks = webhooks();
    List<ApiModule> all =
        new ArrayList<>(
            List.of(
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
                new ConfigurationApi(vertx, services),
                new WebhookApi(webhooks),
                new EventBridge(vertx, services.relays().stream().map(ManagedRelay::name).toList()),
                new HealthPages(vertx, measured())));
    all.add(
        meters
            .map(present -> (ApiModule) metrics(present, webhooks))
            .orElseGet(MetricsPage::absent));
    return all;
  }

  private Webhooks webhooks() {
    return Webhooks.create(
        vertx,
        services.relays().stream()
            .collect(Collectors.toMap(ManagedRelay::name, relay -> relay.store().events())),
        services.state().resolve("webhooks"),
        services.process().webhooks());
  }

  private MetricsPage metrics(Meters all, Webhooks webhooks) {
    return new MetricsPage(
            vertx, all, services.process().metrics().orElseThrow().clients(), measured())
        .withWebhooks(() -> webhooks.count(false), () -> webhooks.count(true));
  }

  private List<MeasuredRelay> measured() {
    boolean serves = services.process().roles().contains(Role.SMTP);
    return services.relays().stream()
        .map(
            relay ->
                new MeasuredRelay(
                    relay.name(),
                    relay.store(),
                    relay.queue(),
                    relay.settings().spool().directory(),
                    serves ? relay.settings().smtp().listen() : List.of()))
        .toList();
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
