package io.stagepost.admin.webhook;

import static io.stagepost.spool.Await.await;

import io.stagepost.bus.DeliveryEvent;
import io.stagepost.events.EventLogOptions;
import io.stagepost.events.FileEventLog;
import io.stagepost.net.AddressRanges;
import io.stagepost.spool.MemorySpool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Webhooks on an event log, which may end and begin again. */
final class WebhookRig implements AutoCloseable {

  final Vertx vertx = Vertx.vertx();
  private final Path directory;
  private final Context context = vertx.getOrCreateContext();
  private final SlowSaves log;
  private Duration retry = Duration.ofMinutes(10);
  private Duration timeout = Duration.ofSeconds(30);
  private List<String> allowed = List.of("127.0.0.1");
  private HttpClientOptions tls = new HttpClientOptions();
  private @Nullable Webhooks webhooks;

  WebhookRig(Path directory) {
    this.directory = directory;
    this.log =
        new SlowSaves(
            FileEventLog.create(vertx, EventLogOptions.defaults(directory), new MemorySpool()));
    await(log.open());
  }

  WebhookRig retry(Duration other) {
    retry = other;
    return this;
  }

  WebhookRig timeout(Duration other) {
    timeout = other;
    return this;
  }

  WebhookRig allowing(String... ranges) {
    allowed = List.of(ranges);
    return this;
  }

  WebhookRig tls(HttpClientOptions other) {
    tls = other;
    return this;
  }

  WebhookRig open() {
    Sender sender =
        new Sender(
            vertx,
            AddressGuard.of(vertx, AddressRanges.parse(allowed)),
            timeout,
            Clock.systemUTC(),
            tls);
    Webhooks made =
        new Webhooks(
            vertx,
            Map.of("relay", log),
            directory.resolve(".stagepost/console/webhooks"),
            sender,
            new BackOff(Duration.ofMillis(20), retry),
            Clock.systemUTC());
    webhooks = made;
    run(made::open);
    return this;
  }

  /** Saving how far a hook has come. */
  SlowSaves saves() {
    return log;
  }

  /** Does something where the console would. */
  <T> T run(Supplier<Future<T>> job) {
    return await(begin(job));
  }

  /** Begins something where the console would. */
  <T> Future<T> begin(Supplier<Future<T>> job) {
    Promise<T> done = Promise.promise();
    context.runOnContext(v -> job.get().onComplete(done));
    return done.future();
  }

  /** Reads something where the console would. */
  <T> T get(Supplier<T> read) {
    AtomicReference<@Nullable T> value = new AtomicReference<>();
    run(
        () -> {
          value.set(read.get());
          return Future.succeededFuture();
        });
    T read1 = value.get();
    if (read1 == null) {
      throw new AssertionError("nothing");
    }
    return read1;
  }

  Webhooks webhooks() {
    Webhooks made = webhooks;
    if (made == null) {
      throw new IllegalStateException("not open");
    }
    return made;
  }

  Webhook hook(String url, DeliveryEvent.Type... types) {
    Set<String> words = new java.util.HashSet<>();
    for (DeliveryEvent.Type type : types) {
      words.add(type.wireName());
    }
    return new Webhook(
        Webhooks.newId(),
        url,
        "",
        words,
        Set.of(),
        Webhook.Batch.NONE,
        java.time.Instant.now(),
        Optional.empty(),
        List.of(SigningKey.next()));
  }

  Webhook add(Webhook webhook) {
    run(() -> webhooks().add(webhook));
    return webhook;
  }

  Hook find(Webhook webhook) {
    return get(() -> webhooks().find(webhook.id()).orElseThrow());
  }

  List<Delivery> deliveries(Webhook webhook) {
    Hook hook = find(webhook);
    return get(hook::deliveries);
  }

  void append(DeliveryEvent.Type type, String id) {
    await(log.append(DeliveryEvent.now(type, "relay", id, Map.of("reply", "250 ok"))));
  }

  void end() {
    run(() -> webhooks().close());
    webhooks = null;
  }

  @Override
  public void close() {
    if (webhooks != null) {
      end();
    }
    await(log.close());
    await(vertx.close());
  }
}
