package io.stagepost.pop;

import io.stagepost.config.PopSettings;
import io.stagepost.config.PopSettings.Admission;
import io.stagepost.config.PopSettings.Deletion;
import io.stagepost.config.PopSettings.Feature;
import io.stagepost.config.PopSettings.Listen;
import io.stagepost.config.PopSettings.Store;
import io.stagepost.config.SmtpSettings;
import io.stagepost.net.AddressRanges;
import io.stagepost.net.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes settings for tests, from those of the drop-in command on. */
final class TestSettings {

  final Set<Feature> features = EnumSet.noneOf(Feature.class);
  Store store = new Store.Shared();
  Deletion deletion = Deletion.REMOVE;
  Duration idle = Duration.ofMinutes(10);
  Optional<String> mechanisms = Optional.empty();
  Access.Clear clear = Access.Clear.ANYTHING;
  boolean tls;
  String secrets = "server plain alice e+3Dmc2\nserver plain bob two+20words\n";
  int messages = 2;

  /** Those of Stagepost's own configuration. */
  static TestSettings own() {
    TestSettings settings = new TestSettings();
    settings.features.addAll(EnumSet.allOf(Feature.class));
    return settings;
  }

  /** Those that a dialogue file asks for. */
  static TestSettings of(Map<String, String> with) {
    TestSettings settings = with.containsKey("own") ? own() : new TestSettings();
    with.forEach(settings::apply);
    return settings;
  }

  private void apply(String key, String value) {
    switch (key) {
      case "own" -> {}
      case "tls" -> tls = true;
      case "keep" -> deletion = Deletion.KEEP;
      case "byname" -> store = new Store.ByName();
      case "mechanisms" -> mechanisms = Optional.of(value);
      case "clear" -> clear = Access.Clear.valueOf(value);
      case "messages" -> messages = Integer.parseInt(value);
      case "idle" -> idle = Duration.ofMillis(Long.parseLong(value));
      default -> throw new IllegalArgumentException("unknown setting of a dialogue: " + key);
    }
  }

  PopSettings build(Path spool, Path accounts) {
    List<ListenAddress> any = List.of(new ListenAddress.Inet("127.0.0.1", 0));
    return new PopSettings(
        "relay.test",
        new Listen(any, tls ? any : List.of()),
        new Admission(SmtpSettings.Clients.LOCAL, AddressRanges.LOCAL, 0, 0),
        store,
        deletion,
        accounts.toString(),
        spool,
        idle,
        features);
  }
}
