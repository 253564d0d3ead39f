package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages;
import io.stagepost.bus.BusMessages.Stored;
import io.stagepost.config.ForwardSettings;
import io.stagepost.config.Live;
import io.stagepost.config.RelaySettings;
import io.stagepost.events.EventLog;
import io.stagepost.events.EventLogOptions;
import io.stagepost.events.FileEventLog;
import io.stagepost.events.RelayStore;
import io.stagepost.smtp.BodyType;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.Origin;
import io.stagepost.spool.Envelope.Recipients;
import io.stagepost.spool.Envelope.Routing;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.file.FileSpool;
import io.stagepost.spool.file.FileSpoolOptions;
import io.stagepost.spool.file.SpoolSync;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A spool in a directory and a forwarder on it, driven from a test's thread. */
final class Rig implements AutoCloseable {

  static final int PATIENCE_SECONDS = 30;

  private final Path directory;
  private final Vertx vertx;
  private final Spool spool;
  private final EventLog log;
  private final BusAddresses addresses = new BusAddresses(RelaySettings.DEFAULT_NAME);
  private final BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
  private Live<ForwardSettings> live;
  private String deployment = "";
  private CountDownLatch stopping = new CountDownLatch(0);

  Rig(Path directory) {
    this(directory, new VertxOptions());
  }

  Rig(Path directory, VertxOptions options) {
    this.directory = directory;
    this.vertx = Vertx.vertx(options);
    BusMessages.registerCodecs(vertx.eventBus());
    spool = FileSpool.create(vertx, FileSpoolOptions.defaults(directory).withSync(SpoolSync.NEVER));
    await(spool.open());
    log = FileEventLog.create(vertx, EventLogOptions.defaults(directory), spool);
    await(log.open());
    vertx.eventBus().<JsonObject>consumer(addresses.deliveryEvents(), m -> events.add(m.body()));
  }

  Vertx vertx() {
    return vertx;
  }

  Spool spool() {
    return spool;
  }

  BusAddresses addresses() {
    return addresses;
  }

  static Envelope envelope(BodyType body, String... to) {
    return Envelope.received(
        body, "a@b.test", Recipients.remote(List.of(to)), Origin.of("127.0.0.1"), DsnRequest.NONE);
  }

  static Envelope routed(String hop, String... to) {
    Envelope e = envelope(BodyType.UNKNOWN, to);
    return new Envelope(
        e.body(),
        e.reversePath(),
        e.recipients(),
        e.origin(),
        new Routing("", "", hop, ""),
        e.mailboxes(),
        e.dsn(),
        e.trailer());
  }

  /** The same message for an account, and with what MAIL's AUTH is to be. */
  static Envelope selecting(Envelope e, String selector, String author) {
    return new Envelope(
        e.body(),
        e.reversePath(),
        e.recipients(),
        e.origin(),
        new Routing(author, "", "", selector),
        e.mailboxes(),
        e.dsn(),
        e.trailer());
  }

  /** Stores a message without telling the forwarder. */
  MessageId put(Envelope envelope, byte[] content) {
    return await(store(envelope, content));
  }

  /** Stores messages to {@code 0@y.test}, {@code 1@y.test} and so on. */
  List<MessageId> putMany(int count) {
    List<Future<MessageId>> all =
        IntStream.range(0, count)
            .mapToObj(i -> store(envelope(BodyType.UNKNOWN, i + "@y.test"), bytes("x\r\n")))
            .toList();
    await(Future.join(all));
    return all.stream().map(Future::result).toList();
  }

  private Future<MessageId> store(Envelope envelope, byte[] content) {
    MessageId id = spool.newId();
    return spool
        .create(id, envelope)
        .compose(writer -> writer.write(Buffer.buffer(content)).compose(v -> writer.commit()))
        .map(id);
  }

  MessageId put(String to) {
    return put(envelope(BodyType.UNKNOWN, to), bytes("Subject: t\r\n\r\nbody\r\n"));
  }

  /** Tells the forwarder of a message. */
  void announce(MessageId id) {
    vertx.eventBus().publish(addresses.messageStored(), new Stored(id, ""));
  }

  ForwarderVerticle deploy(TestSettings settings) {
    return deploy(settings, Duration.ofSeconds(5));
  }

  ForwarderVerticle deploy(TestSettings settings, Duration patience) {
    live = Live.of(settings.value());
    ForwarderVerticle verticle =
        new ForwarderVerticle(
            RelaySettings.DEFAULT_NAME,
            live,
            settings.security(),
            new RelayStore(spool, log),
            patience);
    CountDownLatch told = new CountDownLatch(1);
    stopping = told;
    deployment =
        await(
            vertx.deployVerticle(
                new Deployable() {
                  @Override
                  public Future<?> deploy(Context context) throws Exception {
                    return verticle.deploy(context);
                  }

                  @Override
                  public Future<?> undeploy(Context context) throws Exception {
                    Future<?> stopped = verticle.undeploy(context);
                    told.countDown();
                    return stopped;
                  }
                }));
    return verticle;
  }

  /** The settings change while it runs. */
  void change(TestSettings settings) {
    live.set(settings.value());
  }

  void undeploy() {
    await(beginUndeploy());
  }

  /** The forwarder is told to stop before anything that happens from now on. */
  Future<Void> beginUndeploy() {
    Future<Void> stopped = vertx.undeploy(deployment);
    try {
      assertThat(stopping.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return stopped;
  }

  /** Makes a single run; returns how it ended: the reason, or nothing. */
  String runOnce(TestSettings settings) {
    Future<Void> completion = deploy(settings).completion();
    String end = await(completion.map("").recover(e -> Future.succeededFuture(e.getMessage())));
    undeploy();
    return end;
  }

  /** Waits for the next delivery event of this type, skipping others. */
  JsonObject event(String type) {
    return event(e -> e.getString("type").equals(type));
  }

  JsonObject event(Predicate<JsonObject> wanted) {
    try {
      while (true) {
        JsonObject event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(event).as("a delivery event").isNotNull();
        if (wanted.test(event)) {
          return event;
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the event log has of a message. */
  List<JsonObject> trace(MessageId id) {
    return await(log.trace(id));
  }

  /** {@code gone}, or the state's name in lower case. */
  String state(MessageId id) {
    return await(spool.find(id))
        .map(entry -> entry.state().name().toLowerCase(Locale.ROOT))
        .orElse("gone");
  }

  long count(State state) {
    return await(spool.list(state, null, 10_000)).size();
  }

  /** The lines of a failed message's envelope file. */
  List<String> failedEnvelope(MessageId id) {
    try {
      return Files.readString(directory.resolve(id + ".envelope.bad")).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last value of a field of a failed message's envelope. */
  String field(MessageId id, String name) {
    String prefix = "X-MailRelay-" + name + ":";
    return failedEnvelope(id).stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).trim())
        .reduce((a, b) -> b)
        .orElse("(none)");
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Override
  public void close() {
    await(spool.close());
    await(log.close());
    await(vertx.close());
  }
}
