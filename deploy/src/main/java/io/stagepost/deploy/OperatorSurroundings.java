package io.stagepost.deploy;

import io.stagepost.admin.command.OperatorCommand;
import io.stagepost.config.AdminSettings;
import io.stagepost.config.ConfigResult;
import io.stagepost.config.Configuration;
import io.stagepost.config.Flavour;
import io.stagepost.config.Invocation;
import io.stagepost.config.RelaySettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the operator's command finds around it: relays of this host and their configuration. */
record OperatorSurroundings(String program, Engine engine) implements OperatorCommand.Surroundings {

  private static final Path USUAL_SPOOL = Path.of("/var/spool/stagepost");
  private static final int NO_SCREEN = 10_000;

  @Override
  public Path directory() {
    return Background.startDirectory();
  }

  @Override
  public Optional<Path> socket(Path config, Optional<String> relay) {
    Invocation read =
        Invocation.of(
            Flavour.OWN,
            program,
            List.of("--config", config.toString()),
            Path.of(System.getProperty("stagepost.home", "")),
            directory());
    ConfigResult result = Configuration.read(read, engine::plain).await();
    return result instanceof ConfigResult.Ready ready
        ? ready.settings().relays().stream()
            .filter(one -> relay.isEmpty() || relay.get().equals(one.name()))
            .findFirst()
            .map(RelaySettings::admin)
            .flatMap(AdminSettings::control)
        : Optional.empty();
  }

  @Override
  public Path usualSpool() {
    return USUAL_SPOOL;
  }

  @Override
  public Path socketIn(Path spool) {
    return AdminSettings.defaultControl(spool);
  }

  @Override
  public int width() {
    // The launcher looks, as a virtual machine can't.
    return Integer.getInteger("stagepost.columns", NO_SCREEN);
  }
}
