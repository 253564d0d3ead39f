package io.stagepost.admin.webhook;

import io.stagepost.admin.webhook.AddressGuard.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes signed requests. */
final class Sender {

  private static final String AGENT = "Stagepost";
  private static final int MOST_KEPT = 1024;
  private static final int MOST_READ = 64 << 10;
  private static final int MOST_REASON = 300;
  private static final int MOST_CONNECTIONS = 8;
  private static final Duration MOST_DELAY = Duration.ofHours(12);

  private final HttpClient client;
  private final AddressGuard guard;
  private final Duration timeout;
  private final Clock clock;

  /**
   * A sender.
   *
   * @param options of TLS, for tests
   */
  Sender(
      Vertx vertx, AddressGuard guard, Duration timeout, Clock clock, HttpClientOptions options) {
    this.guard = guard;
    this.timeout = timeout;
    this.clock = clock;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions(options)
                .setConnectTimeout((int) timeout.toMillis())
                .setKeepAliveTimeout(15)
                .setMaxHeaderSize(MOST_READ)
                .setDecompressionSupported(false)
                .setVerifyHost(true),
            new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
  }

  /** Sends it once; never fails. */
  Future<Outcome> send(Webhook hook, String id, String body) {
    Instant begun = Instant.now(clock);
    return guard
        .check(hook.url())
        .compose(target -> exchange(target, hook.keys(begun), id, body))
        .recover(e -> Future.succeededFuture(new Answer(0, "", reason(e), Optional.empty())))
        .map(
            answer ->
                new Outcome(
                    begun,
                    Duration.between(begun, Instant.now(clock)),
                    answer.status,
                    answer.body,
                    answer.error,
                    answer.retryAfter));
  }

  /** Whether it could be sent there; fails with {@link AddressGuard.RefusedException}. */
  Future<Void> check(String url) {
    return guard.check(url).mapEmpty();
  }

  private record Answer(int status, String body, String error, Optional<Duration> retryAfter) {}

  private Future<Answer> exchange(Target target, List<SigningKey> keys, String id, String body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            // The address that was checked: a name is not looked up a second time.
            .setServer(
                SocketAddress.inetSocketAddress(target.port(), target.address().getHostAddress()))
            .setHost(target.host())
            .setPort(target.port())
            .setSsl(target.secure())
            .setURI(target.path())
            .setFollowRedirects(false)
            .setConnectTimeout(timeout.toMillis());
    return client
        .request(options)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .compose(request -> exchange(request, keys, id, body));
  }

  private Future<Answer> exchange(
      HttpClientRequest request, List<SigningKey> keys, String id, String body) {
    long timestamp = clock.instant().getEpochSecond();
    String signatures =
        keys.stream().map(key -> key.sign(id, timestamp, body)).collect(Collectors.joining(" "));
    request
        .putHeader("Content-Type", "application/json")
        .putHeader("User-Agent", AGENT)
        .putHeader("webhook-id", id)
        .putHeader("webhook-timestamp", String.valueOf(timestamp))
        .putHeader("webhook-signature", signatures);
    Future<Answer> answered = request.send(Buffer.buffer(body)).compose(Sender::read);
    return answered
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(e -> request.reset());
  }

  private static Future<Answer> read(HttpClientResponse response) {
    Promise<Answer> done = Promise.promise();
    Buffer kept = Buffer.buffer();
    long[] seen = {0};
    response.exceptionHandler(e -> done.tryComplete(answer(response, kept)));
    response.endHandler(v -> done.tryComplete(answer(response, kept)));
    response.handler(
        piece -> {
          seen[0] += piece.length();
          if (kept.length() < MOST_KEPT) {
            kept.appendBuffer(piece.slice(0, Math.min(piece.length(), MOST_KEPT - kept.length())));
          }
          if (seen[0] > MOST_READ && done.tryComplete(answer(response, kept))) {
            response.request().reset();
          }
        });
    return done.future();
  }

  private static Answer answer(HttpClientResponse response, Buffer kept) {
    return new Answer(
        response.statusCode(),
        kept.toString(StandardCharsets.UTF_8),
        "",
        retryAfter(response.getHeader("Retry-After")));
  }

  // Seconds alone: a date would trust the receiver's clock.
  private static Optional<Duration> retryAfter(@Nullable String header) {
    if (header == null || !header.strip().matches("[0-9]{1,7}")) {
      return Optional.empty();
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(header.strip()));
    return Optional.of(asked.compareTo(MOST_DELAY) > 0 ? MOST_DELAY : asked);
  }

  private static String reason(Throwable e) {
    if (e instanceof TimeoutException) {
      return "no answer in time";
    }
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return text.length() > MOST_REASON ? text.substring(0, MOST_REASON) : text;
  }

  Future<Void> close() {
    return client.close();
  }
}
