package io.stagepost.config;

import io.stagepost.net.ListenAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ways in for the operators of one relay.
 *
 * @param listen where to listen for text administration; empty when there is none
 * @param clients who may connect there
 * @param features what is offered there
 * @param control the socket that the operator's command talks to, if there is one
 */
public record AdminSettings(
    List<ListenAddress> listen,
    SmtpSettings.Clients clients,
    Set<Feature> features,
    Optional<Path> control) {

  /** What the socket is called in the spool directory unless it is named. */
  public static final String CONTROL_SOCKET = ".stagepost.control";

  /** Copies the collections. */
  public AdminSettings {
    listen = List.copyOf(listen);
    features = Set.copyOf(features);
  }

  /** What text administration offers. */
  public enum Feature {
    /** An administrator may end the process. */
    TERMINATE,
    /** Help names the commands that E-MailRelay doesn't have; they are there in any case. */
    LONG_HELP
  }

  /** Where the socket is when nothing else is said. */
  public static Path defaultControl(Path spool) {
    return spool.resolve(CONTROL_SOCKET);
  }
}
