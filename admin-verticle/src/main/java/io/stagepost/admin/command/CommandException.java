package io.stagepost.admin.command;

/** Why the command ends without having done all. */
final class CommandException extends Exception {

  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  CommandException(ExitCode code, String text) {
    super(text);
    this.code = code;
  }

  ExitCode code() {
    return code;
  }
}
