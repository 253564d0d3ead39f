package io.stagepost.admin.http.inject;

import io.stagepost.admin.http.HttpServices;
import io.stagepost.admin.http.ManagedRelay;
import io.stagepost.admin.http.api.Answer;
import io.stagepost.admin.http.api.ApiCall;
import io.stagepost.admin.http.api.ApiModule;
import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.http.api.ApiRoutes;
import io.stagepost.admin.http.inject.Composer.Composed;
import io.stagepost.admin.http.inject.Idempotency.Deed;
import io.stagepost.admin.http.inject.SpoolIntake.Mail;
import io.stagepost.spool.SpoolWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Takes messages, in parts or as they are; answers when they are durable. */
public final class InjectApi implements ApiModule {

  private static final String KEYS = ".stagepost/idempotency";
  private static final String RAW_TYPE = "message/rfc822";
  private static final int PIECE = 64 << 10;
  private static final int MOST_UPLOADS = 200;

  private final Vertx vertx;
  private final HttpServices services;
  private final Map<String, Idempotency> keys = new HashMap<>();
  private int uploads;

  /** For all relays of the process. */
  public InjectApi(Vertx vertx, HttpServices services) {
    this.vertx = vertx;
    this.services = services;
  }

  @Override
  public Future<Void> open() {
    Future<Void> all = Future.succeededFuture();
    for (ManagedRelay relay : services.relays()) {
      Idempotency some =
          new Idempotency(vertx, relay.settings().spool().directory().resolve(KEYS), relay.store());
      keys.put(relay.name(), some);
      all = all.compose(v -> some.open());
    }
    return all;
  }

  @Override
  public void addTo(ApiRoutes routes) {
    routes.answer("sendMessage", this::send).answer("sendRawMessage", this::sendRaw);
  }

  private Idempotency keys(ManagedRelay relay) {
    Idempotency found = keys.get(relay.name());
    if (found == null) {
      throw new IllegalStateException("not open");
    }
    return found;
  }

  // Nobody meets the keys of others.
  private static Optional<String> key(ApiCall call) {
    return Optional.ofNullable(call.request().getHeader("Idempotency-Key"))
        .map(text -> hash(call.caller().user() + "\n" + text));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hash(String text) {
    return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String client(ApiCall call) {
    String address = call.request().remoteAddress().hostAddress();
    return address == null ? "/" : address;
  }

  private Future<Answer> send(ApiCall call) {
    ManagedRelay relay = call.relay();
    JsonObject body = call.body();
    Optional<String> key = key(call);
    String digest = key.isEmpty() ? "" : hash(body.encode());
    Optional<Future<JsonObject>> known = key.flatMap(k -> keys(relay).known(k, digest));
    if (known.isPresent()) {
      return known.get().map(InjectApi::sent);
    }
    SpoolIntake intake = new SpoolIntake(vertx, relay);
    String id = "<" + UUID.randomUUID() + "@" + relay.settings().smtp().domain() + ">";
    return vertx
        .executeBlocking(() -> new Composer(body, id).compose(), false)
        .compose(
            composed -> {
              if (composed.content().length() > intake.most()) {
                throw ApiProblem.of(413, "more than " + intake.most() + " octets");
              }
              Mail mail = mail(call, composed);
              intake.check(mail);
              return intake
                  .create(mail)
                  .compose(
                      writer ->
                          write(writer, composed.content(), 0)
                              .recover(e -> abort(writer, e))
                              .compose(v -> settle(call, writer, mail, digest)));
            });
  }

  private static Mail mail(ApiCall call, Composed composed) {
    return new Mail(
        composed.reversePath(), composed.recipients(), call.caller().user(), client(call));
  }

  private static Future<Void> write(SpoolWriter writer, Buffer content, int from) {
    if (from >= content.length()) {
      return Future.succeededFuture();
    }
    int to = Math.min(content.length(), from + PIECE);
    return writer.write(content.getBuffer(from, to)).compose(v -> write(writer, content, to));
  }

  private static <T> Future<T> abort(SpoolWriter writer, Throwable e) {
    return writer.abort().transform(v -> Future.failedFuture(e));
  }

  private Future<Answer> settle(ApiCall call, SpoolWriter writer, Mail mail, String digest) {
    ManagedRelay relay = call.relay();
    SpoolIntake intake = new SpoolIntake(vertx, relay);
    JsonObject answer =
        new JsonObject()
            .put("id", writer.id().value())
            .put("relay", relay.name())
            .put("size", writer.size());
    Optional<String> key = key(call);
    return (key.isEmpty()
            ? intake.commit(writer, mail).map(answer)
            : keys(relay)
                .once(
                    key.get(),
                    digest,
                    new Deed(answer, () -> intake.commit(writer, mail), writer::abort)))
        .map(InjectApi::sent);
  }

  private static Answer sent(JsonObject answer) {
    return Answer.of(201, answer).with("Location", "/api/v1/messages/" + answer.getString("id"));
  }

  private Future<Answer> sendRaw(ApiCall call) {
    String type = call.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.split(";")[0].strip().equalsIgnoreCase(RAW_TYPE)) {
      throw ApiProblem.of(415, "expected " + RAW_TYPE);
    }
    SpoolIntake intake = new SpoolIntake(vertx, call.relay());
    long announced = announced(call);
    if (announced > intake.most()) {
      throw ApiProblem.of(413, "more than " + intake.most() + " octets");
    }
    Mail mail = envelope(call);
    intake.check(mail);
    if (uploads >= MOST_UPLOADS) {
      throw ApiProblem.later(503, "too many messages are being sent", 5);
    }
    uploads++;
    MessageDigest digest = digest();
    digest.update((mail.reversePath() + "\n" + mail.recipients()).getBytes(StandardCharsets.UTF_8));
    if ("100-continue".equalsIgnoreCase(call.request().getHeader(HttpHeaders.EXPECT))) {
      call.response().writeContinue();
    }
    return intake
        .create(mail)
        .compose(
            writer ->
                new RawUpload(call.request(), writer, digest, intake.most())
                    .read()
                    .recover(e -> abort(writer, e))
                    .compose(
                        v -> {
                          String hash = HexFormat.of().formatHex(digest.digest());
                          return settle(call, writer, mail, hash);
                        }))
        .onComplete(done -> uploads--);
  }

  private static long announced(ApiCall call) {
    String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Mail envelope(ApiCall call) {
    String from = call.query("from").orElse("");
    List<String> to =
        Arrays.stream(call.query("to").orElse("").split(","))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(text -> Composer.envelope("to", text))
            .distinct()
            .toList();
    if (to.isEmpty()) {
      throw ApiProblem.field("to", "at least one recipient is needed");
    }
    String path = from.isEmpty() ? "" : Composer.envelope("from", from);
    return new Mail(path, to, call.caller().user(), client(call));
  }
}
