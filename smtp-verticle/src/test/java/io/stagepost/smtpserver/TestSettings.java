package io.stagepost.smtpserver;

import io.stagepost.config.AnonymousScope;
import io.stagepost.config.SecuritySettings.ClearPasswords;
import io.stagepost.config.SecuritySettings.Need;
import io.stagepost.config.SecuritySettings.Tls;
import io.stagepost.config.SmtpSettings;
import io.stagepost.config.SmtpSettings.Clients;
import io.stagepost.config.SmtpSettings.Feature;
import io.stagepost.config.SmtpSettings.Limits;
import io.stagepost.config.SmtpSettings.LineEndPolicy;
import io.stagepost.config.SmtpSettings.Network;
import io.stagepost.config.SmtpSettings.Submission;
import io.stagepost.config.SmtpSettings.Timeouts;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.ListenAddress;
import io.stagepost.wire.BareLineEnds;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes settings for tests: a mutable copy of the drop-in defaults. */
final class TestSettings {

  final Set<Feature> features =
      EnumSet.of(Feature.PIPELINING, Feature.STRICTPARSING, Feature.ALABELS, Feature.LINGER);
  final Set<AnonymousScope> anonymous = EnumSet.noneOf(AnonymousScope.class);
  long size;
  int recipients = Limits.DEFAULT.recipients();
  int badCommands = Limits.DEFAULT.badCommands();
  int commandLength = Limits.DEFAULT.commandLength();
  int connections = Limits.DEFAULT.connections();
  int connectionsPerClient;
  int hops = Limits.DEFAULT.receivedHeaders();
  Timeouts timeouts = Timeouts.DEFAULT;
  LineEndPolicy lineEnds = LineEndPolicy.DEFAULT;
  Submission submission = Submission.STORED;
  Network network = Network.DEFAULT;
  final TestSecurity security = new TestSecurity();

  /** Those of the drop-in command. */
  static TestSettings dropIn() {
    return new TestSettings();
  }

  /** Those of Stagepost's own configuration. */
  static TestSettings own() {
    TestSettings settings = new TestSettings();
    settings.features.addAll(
        List.of(
            Feature.CHUNKING,
            Feature.SMTPUTF8,
            Feature.SMTPUTF8STRICT,
            Feature.ENHANCEDSTATUSCODES,
            Feature.DSN,
            Feature.HELP));
    return settings;
  }

  /** Those that a dialogue file asks for. */
  static TestSettings of(Map<String, String> with) {
    TestSettings settings = with.containsKey("own") ? own() : dropIn();
    with.forEach(settings::apply);
    return settings;
  }

  SmtpSettings build() {
    return new SmtpSettings(
        "relay.test",
        "Stagepost V0.1.0",
        List.of(new ListenAddress.Inet("127.0.0.1", 0)),
        Clients.LOCAL,
        network,
        anonymous,
        features,
        new Limits(
            size, recipients, badCommands, commandLength, connections, connectionsPerClient, hops),
        timeouts,
        lineEnds,
        submission);
  }

  private void apply(String key, String value) {
    switch (key) {
      case "own", "fault" -> {}
      case "tls" -> security.tls = Tls.valueOf(value.toUpperCase(Locale.ROOT));
      case "tlsrequired" -> security.need = Need.REQUIRED;
      case "noclearpasswords" -> security.clearPasswords = ClearPasswords.WITHHELD;
      case "accounts" -> security.accounts = value.replace(',', '\n').replace('_', ' ');
      case "mechanisms" -> security.mechanisms = value;
      case "proxies" -> network = withProxies(value);
      case "on" -> words(value).forEach(w -> features.add(Feature.valueOf(w)));
      case "off" -> words(value).forEach(w -> features.remove(Feature.valueOf(w)));
      case "anonymous" -> words(value).forEach(w -> anonymous.add(AnonymousScope.valueOf(w)));
      case "size" -> size = Long.parseLong(value);
      case "recipients" -> recipients = Integer.parseInt(value);
      case "bad" -> badCommands = Integer.parseInt(value);
      case "line" -> commandLength = Integer.parseInt(value);
      case "hops" -> hops = Integer.parseInt(value);
      case "idle" -> timeouts = new Timeouts(millis(value), timeouts.command(), timeouts.drain());
      case "command" -> timeouts = new Timeouts(timeouts.idle(), millis(value), timeouts.drain());
      case "lineends" ->
          lineEnds =
              new LineEndPolicy(
                  BareLineEnds.valueOf(value.toUpperCase(Locale.ROOT)), lineEnds.allowed());
      case "allowed" -> lineEnds = new LineEndPolicy(lineEnds.action(), List.of(value));
      default -> throw new IllegalArgumentException("unknown setting of a dialogue: " + key);
    }
  }

  private static Network withProxies(String value) {
    return new Network(AddressRanges.LOCAL, AddressRanges.parse(List.of(value)), List.of());
  }

  private static Duration millis(String value) {
    return Duration.ofMillis(Long.parseLong(value));
  }

  private static List<String> words(String value) {
    return List.of(value.toUpperCase(Locale.ROOT).split(","));
  }
}
