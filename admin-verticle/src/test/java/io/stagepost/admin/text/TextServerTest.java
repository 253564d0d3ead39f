package io.stagepost.admin.text;

import static io.stagepost.spool.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.admin.queue.ForwardDesk;
import io.stagepost.admin.queue.QueueDesk;
import io.stagepost.bus.BusAddresses;
import io.stagepost.bus.BusMessages;
import io.stagepost.bus.BusMessages.DnsblControl;
import io.stagepost.bus.BusMessages.FlushReply;
import io.stagepost.bus.BusMessages.FlushRequest;
import io.stagepost.bus.BusMessages.RunRequest;
import io.stagepost.bus.BusMessages.SmtpControl;
import io.stagepost.config.AdminSettings;
import io.stagepost.config.AdminSettings.Feature;
import io.stagepost.config.SmtpSettings.Clients;
import io.stagepost.events.EventLog;
import io.stagepost.events.RelayStore;
import io.stagepost.net.ActivityFeed;
import io.stagepost.net.Connections;
import io.stagepost.net.ListenAddress;
import io.stagepost.spool.Claim.Failure;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SampleMail;
import io.stagepost.spool.Spool;
import io.stagepost.spool.Spool.State;
import io.stagepost.spool.file.FileSpool;
import io.stagepost.spool.file.FileSpoolOptions;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text administration, as its clients see it. */
class TextServerTest {

  private static final BusAddresses ADDRESSES = new BusAddresses("relay");

  @TempDir Path directory;
  private final List<TextClient> clients = new ArrayList<>();
  private final BlockingQueue<String> terminations = new LinkedBlockingQueue<>();
  private Vertx vertx;
  private Spool spool;
  private TextServer server;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    BusMessages.registerCodecs(vertx.eventBus());
    spool = FileSpool.create(vertx, FileSpoolOptions.defaults(directory));
    await(spool.open());
  }

  @AfterEach
  void close() {
    clients.forEach(TextClient::close);
    if (server != null) {
      await(server.close());
    }
    await(spool.close());
    await(vertx.close());
  }

  private void serve(Optional<String> obstacle, Feature... features) {
    serve(List.of(new ListenAddress.Inet("127.0.0.1", 0)), obstacle, features);
  }

  private void serve(List<ListenAddress> listen, Optional<String> obstacle, Feature... features) {
    Set<Feature> offered = EnumSet.noneOf(Feature.class);
    offered.addAll(List.of(features));
    TextServices services =
        new TextServices(
            "relay",
            "Stagepost V1",
            () -> new AdminSettings(listen, Clients.LOCAL, offered, Optional.empty()),
            new QueueDesk("relay", new RelayStore(spool, EventLog.none()), vertx.eventBus()),
            new ForwardDesk(vertx.eventBus(), "relay", () -> obstacle),
            Optional.of(ActivityFeed.of(vertx)),
            () -> terminations.add("terminate"),
            RelayLog.of(""));
    Promise<Void> opened = Promise.promise();
    vertx.runOnContext(
        v -> {
          server = new TextServer(vertx, services);
          server.open().onComplete(opened);
        });
    await(opened.future());
  }

  private TextClient client() {
    ListenAddress.Inet at = (ListenAddress.Inet) Connections.of(vertx).listening().getFirst();
    TextClient client = new TextClient(at.port());
    clients.add(client);
    return client;
  }

  private MessageId stored() {
    return await(SampleMail.store(spool, Buffer.buffer("Subject: x\r\n\r\nhello\r\n")));
  }

  private MessageId failed() {
    MessageId id = stored();
    await(await(spool.claim(id)).failed(new Failure("nope", Optional.of(550))));
    return id;
  }

  @Test
  void helpListsExactlyTheCommandsOfTheOriginal() {
    serve(Optional.empty());
    assertThat(client().ask("help"))
        .isEqualTo(
            "commands: dnsbl, failures, flush, forward, help, info, list, notify, pid, quit, smtp,"
                + " status, unfail-all\r\n");
  }

  @Test
  void helpNamesTerminateWhereItIsAllowedAndOurOwnCommandsInOurOwnFlavour() {
    serve(Optional.empty(), Feature.TERMINATE);
    assertThat(client().ask("HELP me")).contains("status, terminate, unfail-all\r\n");
    await(server.close());
    serve(Optional.empty(), Feature.LONG_HELP);
    assertThat(client().ask("help"))
        .isEqualTo(
            "commands: delete, dnsbl, failures, flush, forward, help, hold, info, list, notify,"
                + " pid, queue, quit, release, retry, show, smtp, status, trace, unfail-all\r\n");
  }

  @Test
  void theFirstLineDecidesTheLineEnds() {
    serve(Optional.empty());
    TextClient unix = client();
    unix.send("list\n");
    assertThat(unix.until(text -> text.endsWith("> "))).isEqualTo("<none>\nE-MailRelay> ");
    unix.send("list\r\n");
    assertThat(unix.until(text -> text.endsWith("> "))).isEqualTo("<none>\nE-MailRelay> ");
    assertThat(client().ask("")).isEmpty();
  }

  @Test
  void b13LinesOfAListEndPlainly() {
    serve(Optional.empty());
    MessageId first = stored();
    MessageId second = stored();
    MessageId bad = failed();
    TextClient client = client();
    assertThat(client.ask("list")).isEqualTo(first + "\r\n" + second + "\r\n");
    assertThat(client.ask("failures")).isEqualTo(bad + "\r\n");
    assertThat(client.ask("unfail-all")).isEmpty();
    assertThat(client.ask("failures")).isEqualTo("<none>\r\n");
    assertThat(spool.count(State.READY)).isEqualTo(3);
  }

  @Test
  void statusShowsListenersAndConnections() {
    serve(Optional.empty());
    TextClient client = client();
    ListenAddress here = Connections.of(vertx).listening().getFirst();
    assertThat(client.ask("status").lines())
        .startsWith(
            "LISTEN: " + here,
            "OUT started: 0",
            "OUT finished: 0",
            "IN started: 1",
            "IN finished: 0")
        .last()
        .asString()
        .startsWith("IN: " + here + " <- 127.0.0.1:");
  }

  @Test
  void thirtyErrorsEndTheSession() {
    serve(Optional.empty());
    TextClient client = client();
    for (int i = 0; i < 29; i++) {
      assertThat(client.ask("foo")).isEqualTo("error: unrecognised command\r\n");
    }
    client.send("foo\r\nlist\r\n");
    assertThat(client.rest()).contains("error: unrecognised command").doesNotContain("<none>");
  }

  @Test
  void m2ALineWithoutEndEndsTheSession() {
    serve(Optional.empty());
    TextClient client = client();
    client.send("x".repeat(5_000));
    assertThat(client.rest()).isEmpty();
  }

  @Test
  void forwardAndFlushNeedANextHop() {
    serve(Optional.of("no remote server configured: use --forward-to"));
    TextClient client = client();
    String refusal = "error: no remote server configured: use --forward-to\r\n";
    assertThat(client.ask("forward")).isEqualTo(refusal);
    assertThat(client.ask("flush")).isEqualTo(refusal);
  }

  @Test
  void flushTellsHowItsRunEnded() {
    Promise<FlushReply> run = Promise.promise();
    BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    await(
        vertx
            .eventBus()
            .<FlushRequest>consumer(
                ADDRESSES.forwardFlush(),
                m -> {
                  asked.add("flush");
                  run.future().onSuccess(m::reply);
                })
            .completion());
    serve(Optional.empty());
    TextClient client = client();
    client.send("flush\r\nflush\r\nlist\r\n");
    assertThat(client.until(text -> text.contains("<none>")))
        .isEqualTo("error: still working\r\nE-MailRelay> <none>");
    run.complete(new FlushReply(1, "connect failure: cannot connect to 127.0.0.1:19499"));
    assertThat(client.until(text -> text.endsWith("19499\r\nE-MailRelay> ")))
        .endsWith("error: connect failure: cannot connect to 127.0.0.1:19499\r\nE-MailRelay> ");
    assertThat(asked).hasSize(1);
  }

  @Test
  void flushWithNothingToSendIsAnError() {
    await(
        vertx
            .eventBus()
            .<FlushRequest>consumer(ADDRESSES.forwardFlush(), m -> m.reply(new FlushReply(0, "")))
            .completion());
    serve(Optional.empty());
    assertThat(client().ask("flush")).isEqualTo("error: no messages to send\r\n");
  }

  @Test
  void ordersArePublished() throws InterruptedException {
    BlockingQueue<Object> orders = new LinkedBlockingQueue<>();
    await(
        vertx
            .eventBus()
            .<SmtpControl>consumer(ADDRESSES.smtpControl(), m -> orders.add(m.body()))
            .completion());
    await(
        vertx
            .eventBus()
            .<DnsblControl>consumer(ADDRESSES.dnsblControl(), m -> orders.add(m.body()))
            .completion());
    await(
        vertx
            .eventBus()
            .<RunRequest>consumer(
                ADDRESSES.forwardRun(),
                m -> {
                  orders.add(m.body());
                  m.reply(null);
                })
            .completion());
    serve(Optional.empty());
    TextClient client = client();
    for (String command :
        List.of("smtp disable", "SMTP Enable", "dnsbl stop", "dnsbl stop 30", "dnsbl start")) {
      assertThat(client.ask(command)).isEqualTo("OK\r\n");
    }
    assertThat(client.ask("forward")).isEqualTo("OK\r\n");
    List<Object> seen = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      seen.add(orders.poll(60, TimeUnit.SECONDS));
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(
            SmtpControl.DISABLE,
            SmtpControl.ENABLE,
            new DnsblControl(DnsblControl.FOR_EVER),
            new DnsblControl(Duration.ofSeconds(30)),
            new DnsblControl(Duration.ZERO),
            new RunRequest("admin"));
    assertThat(client.ask("smtp")).isEqualTo("usage: smtp {disable|enable}\r\n");
    assertThat(client.ask("dnsbl stop x")).isEqualTo("usage: dnsbl {start|stop <timeout>}\r\n");
    assertThat(client.ask("info")).isEqualTo("usage: info {copyright|credit|version|warranty}\r\n");
    assertThat(client.ask("info version")).isEqualTo("Stagepost V1\r\n");
    assertThat(client.ask("pid")).isEqualTo(ProcessHandle.current().pid() + "\r\n");
  }

  @Test
  void terminateIsUnknownUnlessAllowed() throws InterruptedException {
    serve(Optional.empty());
    assertThat(client().ask("terminate")).isEqualTo("error: unrecognised command\r\n");
    await(server.close());
    serve(Optional.empty(), Feature.TERMINATE);
    client().send("terminate\r\n");
    assertThat(terminations.poll(60, TimeUnit.SECONDS)).isEqualTo("terminate");
  }

  @Test
  void notifyShowsStepsInOrderToEachWhoAsked() {
    serve(Optional.empty());
    TextClient first = client();
    TextClient second = client();
    TextClient other = client();
    assertThat(other.ask("list")).isEqualTo("<none>\r\n");
    first.send("notify\r\nlist\r\n");
    second.send("notify\r\npid\r\n");
    // The answer to the next command shows that notify has been obeyed, and has none itself.
    assertThat(first.until(text -> text.endsWith("> "))).isEqualTo("<none>\r\nE-MailRelay> ");
    assertThat(second.until(text -> text.endsWith("> "))).endsWith("\r\nE-MailRelay> ");
    ActivityFeed feed = ActivityFeed.of(vertx);
    feed.tell("client", "forward", "start: admin");
    feed.tell("network", "out", "start");
    feed.tell("client", "sent", "emailrelay.1.2.2: no\npe");
    String expected =
        "\r\nEVENT: client: forward: start: admin  "
            + "\r\nEVENT: network: out: start  "
            + "\r\nEVENT: client: sent: emailrelay.1.2.2: no\\npe  ";
    assertThat(first.until(text -> text.endsWith("pe  "))).isEqualTo(expected);
    assertThat(second.until(text -> text.endsWith("pe  "))).isEqualTo(expected);
    assertThat(first.ask("list")).isEqualTo("<none>\r\n");
    assertThat(other.ask("list")).isEqualTo("<none>\r\n");
  }

  @Test
  void messagesAreHeldShownAndDeletedById() {
    serve(Optional.empty());
    MessageId id = failed();
    TextClient client = client();
    assertThat(client.ask("show " + id)).contains("state:     failed\r\n", "reason:    nope\r\n");
    assertThat(client.ask("queue").lines().skip(1)).singleElement().asString().startsWith("" + id);
    assertThat(client.ask("retry " + id)).isEqualTo("OK\r\n");
    assertThat(client.ask("hold " + id)).isEqualTo("OK\r\n");
    assertThat(client.ask("list")).isEqualTo("<none>\r\n");
    assertThat(client.ask("retry " + id)).isEqualTo("error: not failed: " + id + "\r\n");
    assertThat(client.ask("release all")).isEqualTo("OK: 1\r\n");
    assertThat(client.ask("trace " + id)).contains("received", "failed");
    assertThat(client.ask("delete " + id)).isEqualTo("OK\r\n");
    assertThat(client.ask("show " + id)).isEqualTo("error: no such message\r\n");
    assertThat(client.ask("show ../x")).isEqualTo("error: no such message\r\n");
    assertThat(client.ask("hold")).isEqualTo("error: usage: hold <id>\r\n");
  }

  @Test
  void aLongListIsWrittenWhole() {
    serve(Optional.empty());
    for (int i = 0; i < 1_200; i++) {
      stored();
    }
    assertThat(client().ask("list").lines()).hasSize(1_200).doesNotHaveDuplicates();
  }

  @Test
  void quitEndsTheSession() {
    serve(Optional.empty());
    TextClient client = client();
    client.send("quit\r\nlist\r\n");
    assertThat(client.rest()).isEmpty();
  }
}
