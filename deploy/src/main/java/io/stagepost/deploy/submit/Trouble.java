package io.stagepost.deploy.submit;

/** Why nothing was submitted. */
final class Trouble extends Exception {

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** The kinds that callers of sendmail tell apart, with their exit codes (sysexits.h). */
  enum Kind {
    USAGE(64),
    DATA(65),
    NO_INPUT(66),
    NO_USER(67),
    TEMPORARY(75);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  Trouble(Kind kind, String text) {
    super(text);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
