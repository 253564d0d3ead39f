package io.stagepost.config;

import io.stagepost.telemetry.LogSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for the whole process.
 *
 * @param program the base name of the command
 * @param roles the parts that run in it
 * @param ground where it runs
 * @param pidFile what its id is written to
 * @param user the account that the process runs as when it was started as root
 * @param cluster the other processes that it works with
 * @param http the console, if it has one
 * @param metrics present when it is to measure
 */
public record ProcessSettings(
    String program,
    Set<Role> roles,
    Ground ground,
    Optional<Path> pidFile,
    Optional<String> user,
    LogSettings log,
    Optional<ClusterSettings> cluster,
    Optional<HttpSettings> http,
    WebhookSettings webhooks,
    Optional<MetricsSettings> metrics) {

  /** Copies the set. */
  public ProcessSettings {
    roles = Set.copyOf(roles);
  }

  /** A part of the relay. */
  public enum Role {
    SMTP,
    POP,
    FORWARDER,
    ADMIN
  }

  /** Whether the command returns when the relay is up. */
  public enum Ground {
    FOREGROUND,
    BACKGROUND
  }
}
