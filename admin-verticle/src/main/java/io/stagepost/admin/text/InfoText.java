package io.stagepost.admin.text;

import java.util.Optional;

/** What {@code info} says. */
final class InfoText {

  private InfoText() {}

  /** The text about a topic, in one line, or empty when there is none. */
  static Optional<String> of(String topic, String product) {
    return switch (topic) {
      case "version" -> Optional.of(product);
      case "copyright" -> Optional.of("Copyright the Stagepost authors; Apache License 2.0");
      case "credit" ->
          Optional.of("Built on Eclipse Vert.x and Netty; the ideas are those of E-MailRelay");
      case "warranty" ->
          Optional.of(
              "Provided as is, without warranties or conditions of any kind: see the Apache"
                  + " License 2.0, sections 7 and 8");
      default -> Optional.empty();
    };
  }
}
