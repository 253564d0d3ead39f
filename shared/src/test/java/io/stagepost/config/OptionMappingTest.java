package io.stagepost.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.auth.ServerAuthOptions.Modern;
import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.config.SecuritySettings.ClearPasswords;
import io.stagepost.config.SecuritySettings.Client;
import io.stagepost.config.SecuritySettings.Guard;
import io.stagepost.config.SecuritySettings.Need;
import io.stagepost.config.SecuritySettings.Server;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.ListenAddress;
import io.stagepost.net.NextHop;
import io.stagepost.net.SocksProxy;
import io.stagepost.net.tls.TlsEngine;
import io.stagepost.telemetry.LogSettings;
import io.stagepost.wire.BareLineEnds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each option of the table comes to, for the drop-in. */
class OptionMappingTest {

  // Those that end the process, or only read on, or change nothing by their nature.
  private static final Set<String> ELSEWHERE =
      Set.of("help", "version", "config", "as-client", "as-proxy", "as-server", "test");

  // Those that have no effect yet are only warned of; another test sees to that.
  private static Set<String> withoutEffect() {
    return OptionTable.all().stream()
        .filter(option -> option.lack().isPresent())
        .map(Option::name)
        .collect(Collectors.toSet());
  }

  /** The words, where to look, and what to find there. */
  record Row(String words, Function<Settings, Object> place, Object expected) {

    @Override
    public String toString() {
      return words;
    }

    String option() {
      String last = words.substring(words.lastIndexOf("--") + 2);
      return last.split("[= ]")[0];
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
            intake(),
            limits(),
            security(),
            forwarding(),
            clientSecurity(),
            guard(),
            pop(),
            http(),
            watch(),
            process())
        .flatMap(List::stream);
  }

  private static List<Row> intake() {
    return List.of(
        relay("--name=in", RelaySettings::unit, "in"),
        relay("--spool-dir=@app/s", r -> r.spool().directory(), Path.of("/opt/app/s")),
        relay("--spool-sync=always", r -> r.spool().sync(), "always"),
        relay("--events-size=1M", r -> r.events().size(), 1L << 20),
        relay("--events-keep=2d", r -> r.events().keep(), Duration.ofDays(2)),
        smtp("--port=2525", SmtpSettings::listen, Configured.everywhere(2525)),
        smtp("--interface=::1", SmtpSettings::listen, List.of(new ListenAddress.Inet("::1", 25))),
        relay("--admin=10025", r -> r.admin().listen(), Configured.everywhere(10025)),
        relay(
            "--admin=1 --admin-terminate",
            r -> r.admin().features(),
            Set.of(AdminSettings.Feature.TERMINATE)),
        relay(
            "--admin=1 --admin-help=all",
            r -> r.admin().features(),
            Set.of(AdminSettings.Feature.LONG_HELP)),
        relay("--control-socket=/run/x", r -> r.admin().control().orElseThrow(), Path.of("/run/x")),
        smtp("--remote-clients", SmtpSettings::clients, SmtpSettings.Clients.ALL),
        smtp("--no-smtp", SmtpSettings::listen, List.of()),
        smtp("--dont-serve", SmtpSettings::listen, List.of()),
        smtp("--domain=a.b", SmtpSettings::domain, "a.b"),
        smtp("--anonymous", SmtpSettings::anonymous, Set.of(AnonymousScope.values())),
        smtp(
            "--anonymous=vrfy,Server",
            SmtpSettings::anonymous,
            Set.of(AnonymousScope.VRFY, AnonymousScope.SERVER)),
        smtp(
            "--server-smtp-config=-strictparsing,nolinger,without-alabels,dsn",
            SmtpSettings::features,
            Set.of(SmtpSettings.Feature.PIPELINING, SmtpSettings.Feature.DSN)),
        smtp(
            "--forward-to=h:1 --immediate",
            SmtpSettings::submission,
            SmtpSettings.Submission.IMMEDIATE));
  }

  private static List<Row> limits() {
    return List.of(
        smtp("--size=50M", s -> s.limits().messageSize(), 50L << 20),
        smtp("--max-recipients=7", s -> s.limits().recipients(), 7),
        smtp("--max-connections=7", s -> s.limits().connections(), 7),
        smtp("--max-connections-per-client=7", s -> s.limits().connectionsPerClient(), 7),
        smtp("--max-bad-commands=7", s -> s.limits().badCommands(), 7),
        smtp("--max-command-length=700", s -> s.limits().commandLength(), 700),
        smtp("--max-received=7", s -> s.limits().receivedHeaders(), 7),
        smtp("--idle-timeout=2m", s -> s.timeouts().idle(), Duration.ofMinutes(2)),
        smtp("--idle-timeout=0", s -> s.timeouts().idle(), ValueText.LONGEST),
        smtp("--idle-timeout=9000d", s -> s.timeouts().idle(), ValueText.LONGEST),
        smtp("--command-timeout=9", s -> s.timeouts().command(), Duration.ofSeconds(9)),
        smtp("--shutdown-timeout=0", s -> s.timeouts().drain(), Duration.ZERO),
        smtp("--bare-line-ends=normalise", s -> s.bareLineEnds().action(), BareLineEnds.NORMALISE),
        smtp(
            "--bare-line-ends-from=10.0.0.0/8,::1",
            s -> s.bareLineEnds().allowed(),
            List.of("10.0.0.0/8", "::1")));
  }

  private static List<Row> security() {
    String tls = " --server-tls-certificate=/c";
    return List.of(
        server("--server-tls-certificate=/c --server-tls", Server::tls, Tls.STARTTLS),
        server("--server-tls-certificate=/c --server-tls-connection", Server::tls, Tls.IMPLICIT),
        server("--server-tls" + tls + " --server-tls-required", Server::need, Need.REQUIRED),
        server(
            "--server-tls --server-tls-certificate=/k,/c",
            Server::certificate,
            List.of(Path.of("/k"), Path.of("/c"))),
        server(
            "--server-tls" + tls + " --server-tls-verify=<default>",
            s -> s.verify().orElseThrow(),
            "<default>"),
        relay(
            "--tls-config=tlsv1.1,-tlsv1.2",
            r -> r.security().versions().protocols(),
            List.of("TLSv1.1", "TLSv1.2")),
        relay("--tls-engine=openssl", r -> r.security().engine(), TlsEngine.OPENSSL),
        server("--server-auth=/f", s -> s.accounts().orElseThrow(), "/f"),
        server(
            "--server-auth=pam: --server-auth-config=m:plain",
            s -> s.mechanisms().orElseThrow(),
            "m:plain"),
        server("--clear-passwords=no", Server::clearPasswords, ClearPasswords.WITHHELD),
        smtp("--local-clients=10.1.0.0/16", s -> s.network().local().toString(), "10.1.0.0/16"),
        smtp("--proxy-protocol-from=::1", s -> s.network().proxies().toString(), "::1"),
        smtp(
            "--server-tls-certificate=/c --submissions-port=465",
            s -> s.network().submissions(),
            Configured.everywhere(465)));
  }

  private static List<Row> forwarding() {
    Duration nine = Duration.ofSeconds(9);
    return List.of(
        forward(
            "--forward-to=b\u00fccher.example:submission",
            f -> f.nextHop().orElseThrow(),
            new NextHop.Tcp("xn--bcher-kva.example", 587)),
        forward("--forward-to=::1:25", f -> f.nextHop().orElseThrow(), new NextHop.Tcp("::1", 25)),
        forward(
            "--forward-to=h:25@proxy.test:1080",
            f -> f.nextHop().orElseThrow(),
            new NextHop.Proxied(
                new NextHop.Tcp("h", 25), SocksProxy.socks4a(new NextHop.Tcp("proxy.test", 1080)))),
        forward(
            "--client-proxy=socks4a://proxy.test:1080",
            f -> f.proxy().orElseThrow(),
            SocksProxy.socks4a(new NextHop.Tcp("proxy.test", 1080))),
        forward(
            "--client-proxy=socks5://m%40e+:p%3Aw:@proxy.test:1080",
            f -> f.proxy().orElseThrow(),
            new SocksProxy(
                SocksProxy.Version.SOCKS5,
                new NextHop.Tcp("proxy.test", 1080),
                Optional.of(new SocksProxy.Credentials("m@e+", "p:w:")))),
        trigger("--forward-to=h:1 --forward", ForwardSettings.Trigger.STARTUP),
        trigger("--forward-to=h:1 --forward-on-disconnect", ForwardSettings.Trigger.DISCONNECT),
        trigger("--forward-to=h:1 --forward-on-arrival", ForwardSettings.Trigger.ARRIVAL),
        forward("--poll=9", f -> f.poll().orElseThrow(), nine),
        forward(
            "--forward-to-all", ForwardSettings::recipients, ForwardSettings.RecipientPolicy.ALL),
        forward(
            "--forward-to-some", ForwardSettings::recipients, ForwardSettings.RecipientPolicy.SOME),
        forward("--client-interface=127.0.0.1", f -> f.localAddress().orElseThrow(), "127.0.0.1"),
        forward("--connections=9", ForwardSettings::connections, 9),
        forward("--connection-timeout=9", f -> f.timeouts().connect(), nine),
        forward("--prompt-timeout=0", f -> f.timeouts().greeting(), Duration.ZERO),
        forward("--response-timeout=9", f -> f.timeouts().response(), nine),
        forward("--reuse-timeout=9", f -> f.timeouts().idle(), nine),
        forward(
            "--client-smtp-config=+pipelining,-linger,with-eightbitstrict,=smtputf8strict",
            ForwardSettings::features,
            Set.of(
                ForwardSettings.Feature.PIPELINING,
                ForwardSettings.Feature.EIGHTBITSTRICT,
                ForwardSettings.Feature.BINARYMIMESTRICT,
                ForwardSettings.Feature.SMTPUTF8STRICT)),
        forward(
            "--temporary-failures=keep",
            ForwardSettings::temporaryFailures,
            TemporaryFailures.KEEP),
        forward(
            "--temporary-failures=keep --retry-delay=9", f -> f.temporaryFailures().delay(), nine),
        forward(
            "--temporary-failures=keep --retry-maximum-delay=2h",
            f -> f.temporaryFailures().maximumDelay(),
            Duration.ofHours(2)));
  }

  private static List<Row> clientSecurity() {
    return List.of(
        client("--client-tls", Client::tls, Tls.STARTTLS),
        client("--client-tls-connection", Client::tls, Tls.IMPLICIT),
        client("--client-tls-required", Client::need, Need.REQUIRED),
        client(
            "--client-tls --client-tls-certificate=@app/k",
            Client::certificate,
            List.of(Path.of("/opt/app/k"))),
        client(
            "--client-tls --client-tls-verify=@app/ca",
            c -> c.verification().authorities(),
            Optional.of("/opt/app/ca")),
        client(
            "--client-tls --client-tls-verify=<default> --client-tls-verify-name=h.test",
            c -> c.verification().name(),
            Optional.of("h.test")),
        client(
            "--client-tls --client-tls-server-name=h.test",
            c -> c.verification().serverName(),
            Optional.of("h.test")),
        client("--client-auth=@app/f", Client::accounts, Optional.of("/opt/app/f")),
        client(
            "--client-auth=/f --client-auth-config=m:plain",
            Client::mechanisms,
            Optional.of("m:plain")),
        client(
            "--client-auth=/f --client-auth-passwords=Encrypted",
            Client::passwords,
            SecuritySettings.Passwords.ENCRYPTED));
  }

  private static List<Row> guard() {
    Duration nine = Duration.ofSeconds(9);
    return List.of(
        guard("--auth-scram", Guard::modern, Modern.OFFERED),
        guard("--auth-senders=f", Guard::senders, Optional.of(Path.of("/start/f"))),
        guard("--auth-delay=9", g -> g.throttle().delay(), nine),
        guard("--auth-delay-max=9", g -> g.throttle().longestDelay(), nine),
        guard("--auth-ban-after=9", g -> g.throttle().banAfter(), 9),
        guard("--auth-ban-users-after=9", g -> g.throttle().usersBanAfter(), 9),
        guard("--auth-ban-time=9", g -> g.throttle().ban(), nine),
        guard(
            "--auth-ban-exempt=10.0.0.0/8,::1",
            g -> g.throttle().exempt(),
            AddressRanges.parse(List.of("10.0.0.0/8", "::1"))));
  }

  private static List<Row> pop() {
    return List.of(
        pop("--pop", p -> p.store(), new PopSettings.Store.Shared()),
        pop("--pop-auth=/g", p -> p.accounts(), "/g"),
        pop("--pop-port=9", p -> p.listen().plain(), Configured.everywhere(9)),
        pop("--pop-by-name", p -> p.store(), new PopSettings.Store.ByName()),
        pop("--pop-no-delete", p -> p.deletion(), PopSettings.Deletion.KEEP),
        pop(
            "--server-tls-certificate=/c --pop-tls-port=9",
            p -> p.listen().tls(),
            Configured.everywhere(9)),
        pop(
            "--pop-format=maildir --pop-maildir=/home/%u/Maildir",
            p -> p.store(), new PopSettings.Store.Maildir("/home/%u/Maildir")),
        pop(
            "--pop-maildir=/home/%u/Maildir --pop-format=maildir",
            p -> p.store(), new PopSettings.Store.Maildir("/home/%u/Maildir")),
        pop(
            "--pop-config=lock,-lang,utf8",
            p -> p.features(),
            Set.of(PopSettings.Feature.LOCK, PopSettings.Feature.UTF8)));
  }

  private static List<Row> http() {
    return List.of(
        process(
            "--http-users=/u --http-auth=/a --http-port=7",
            p -> p.http().orElseThrow().listen(),
            List.of(new ListenAddress.Inet("127.0.0.1", 7))),
        process(
            "--http-port=7 --http-auth=/a --http-users=/u",
            p -> p.http().orElseThrow().users(),
            Path.of("/u")),
        process(
            "--http-port=7 --http-users=/u --http-auth=pam:",
            p -> p.http().orElseThrow().accounts(),
            "pam:"),
        http(
            "--http-interface=127.0.0.2,::1",
            HttpSettings::listen,
            List.of(new ListenAddress.Inet("127.0.0.2", 7), new ListenAddress.Inet("::1", 7))),
        http(
            "--server-tls --server-tls-certificate=/c --http-tls",
            HttpSettings::transport,
            HttpSettings.Transport.TLS),
        http("--http-names=Mail.Example", HttpSettings::names, List.of("mail.example")),
        http("--http-session=2h", h -> h.sessions().longest(), Duration.ofHours(2)),
        http("--http-idle=90s", h -> h.sessions().idle(), Duration.ofSeconds(90)));
  }

  private static List<Row> watch() {
    AddressRanges range = AddressRanges.parse(List.of("10.0.0.0/8"));
    return List.of(
        watch("--webhook-allow=10.0.0.0/8", p -> p.webhooks().allow(), range),
        watch("--webhook-retry=1d", p -> p.webhooks().retry(), Duration.ofDays(1)),
        watch("--webhook-back-off=9s", p -> p.webhooks().backOff(), Duration.ofSeconds(9)),
        watch("--webhook-timeout=3s", p -> p.webhooks().timeout(), Duration.ofSeconds(3)),
        watch("--metrics", p -> p.metrics().isPresent(), true),
        watch(
            "--metrics --metrics-clients=10.0.0.0/8",
            p -> p.metrics().orElseThrow().clients(),
            range));
  }

  private static List<Row> process() {
    return List.of(
        process("--roles=smtp", ProcessSettings::roles, Set.of(ProcessSettings.Role.SMTP)),
        process("--cluster", p -> p.cluster().orElseThrow().members(), List.of()),
        process(
            "--cluster=a:1,b:2",
            p -> p.cluster().orElseThrow(),
            new ClusterSettings("127.0.0.1", 5701, List.of("a:1", "b:2"))),
        process(
            "--cluster --cluster-host=10.0.0.1", p -> p.cluster().orElseThrow().host(), "10.0.0.1"),
        process("--cluster --cluster-port=7", p -> p.cluster().orElseThrow().port(), 7),
        process("--no-daemon", ProcessSettings::ground, ProcessSettings.Ground.FOREGROUND),
        process("--pid-file=p", ProcessSettings::pidFile, Optional.of(Path.of("/start/p"))),
        log("--log", LogSettings::volume, LogSettings.Volume.NORMAL),
        log("--log --verbose", LogSettings::volume, LogSettings.Volume.VERBOSE),
        log("--log --debug", LogSettings::fields, Set.of(LogSettings.Field.ORIGIN)),
        log("--log --log-file=/l-%d", LogSettings::file, Optional.of(Path.of("/l-%d"))),
        log("--log-format=json", LogSettings::form, LogSettings.Form.JSON),
        process("--user=alice", ProcessSettings::user, Optional.of("alice")),
        log("--log", LogSettings::syslog, Optional.of(LogSettings.Facility.MAIL)),
        log("--log --no-syslog", LogSettings::syslog, Optional.empty()),
        log(
            "--log -n --syslog=local3",
            LogSettings::syslog,
            Optional.of(LogSettings.Facility.LOCAL3)),
        log("--log-time", LogSettings::fields, Set.of(LogSettings.Field.TIME)),
        log("--log-address", LogSettings::fields, Set.of(LogSettings.Field.ADDRESS)),
        log("--no-syslog", LogSettings::volume, LogSettings.Volume.OFF),
        log("--close-stderr", LogSettings::standardError, LogSettings.StandardError.CLOSED));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void mapsTo(Row row) {
    Settings settings =
        Configured.ready(Configured.read(Flavour.DROP_IN, row.words().split(" "))).settings();
    assertThat(row.place().apply(settings)).isEqualTo(row.expected());
  }

  @Test
  void everyOptionHasItsRow() {
    Set<String> tested = rows().map(Row::option).collect(Collectors.toCollection(TreeSet::new));
    tested.addAll(ELSEWHERE);
    tested.addAll(withoutEffect());
    assertThat(tested).containsExactlyInAnyOrderElementsOf(OptionTable.names());
  }

  @Test
  void theTableIsSound() {
    assertThat(OptionTable.all().stream().map(Option::letter).filter(letter -> letter != 0))
        .doesNotHaveDuplicates();
    assertThat(OptionTable.all().stream().map(Option::name)).doesNotHaveDuplicates();
    assertThat(OptionTable.all().stream().filter(Option::hasKey).map(Option::plainKey))
        .doesNotHaveDuplicates();
    for (Option option : OptionTable.all()) {
      for (Flavour flavour : Flavour.values()) {
        assertThat(ValueText.items(option.defaults().of(flavour)))
            .as(option.name())
            .allMatch(option.rule().accepts());
      }
    }
  }

  private static Row relay(String words, Function<RelaySettings, Object> place, Object expected) {
    return new Row(words, settings -> place.apply(settings.relays().getFirst()), expected);
  }

  private static Row server(String words, Function<Server, Object> place, Object expected) {
    return relay(words, r -> place.apply(r.security().server()), expected);
  }

  private static Row smtp(String words, Function<SmtpSettings, Object> place, Object expected) {
    return relay(words, relay -> place.apply(relay.smtp()), expected);
  }

  private static Row pop(String words, Function<PopSettings, Object> place, Object expected) {
    String before =
        words.startsWith("--pop-auth=")
            ? "--pop "
            : words.equals("--pop") ? "--pop-auth=/f " : "--pop --pop-auth=/f ";
    return relay(before + words, relay -> place.apply(relay.pop().orElseThrow()), expected);
  }

  private static Row forward(
      String words, Function<ForwardSettings, Object> place, Object expected) {
    return relay(words, relay -> place.apply(relay.forward()), expected);
  }

  private static Row client(String words, Function<Client, Object> place, Object expected) {
    return relay(words, relay -> place.apply(relay.security().client()), expected);
  }

  private static Row guard(String words, Function<Guard, Object> place, Object expected) {
    return relay(words, relay -> place.apply(relay.security().guard()), expected);
  }

  private static Row trigger(String words, ForwardSettings.Trigger expected) {
    return forward(words, ForwardSettings::triggers, Set.of(expected));
  }

  private static Row process(
      String words, Function<ProcessSettings, Object> place, Object expected) {
    return new Row(words, settings -> place.apply(settings.process()), expected);
  }

  private static Row http(String words, Function<HttpSettings, Object> place, Object expected) {
    return process(
        "--http-port=7 --http-users=/u --http-auth=/a " + words,
        process -> place.apply(process.http().orElseThrow()),
        expected);
  }

  private static Row watch(String words, Function<ProcessSettings, Object> place, Object expected) {
    return process("--http-port=7 --http-users=/u --http-auth=/a " + words, place, expected);
  }

  private static Row log(String words, Function<LogSettings, Object> place, Object expected) {
    return process(words, process -> place.apply(process.log()), expected);
  }
}
