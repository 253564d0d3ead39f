package io.stagepost.admin.command;

/** How the operator's command ends. */
enum ExitCode {
  OK(0),
  /** The relay could not do it, or refused. */
  FAILED(1),
  USAGE(2),
  NO_SUCH_MESSAGE(3),
  NOT_RUNNING(4),
  /** No right to talk to the relay. */
  NOT_ALLOWED(5);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  int value() {
    return value;
  }

  /** The code for an answer of the relay that is not good. */
  static ExitCode of(String error) {
    return switch (error) {
      case "no-such-message" -> NO_SUCH_MESSAGE;
      case "usage" -> USAGE;
      default -> FAILED;
    };
  }
}
