package io.stagepost.mime;

/** A message whose header is not as RFC 5322 and RFC 6532 have it. */
public final class MailSyntaxException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final int line;

  MailSyntaxException(String what, int line) {
    super(what + ": line " + line);
    this.what = what;
    this.line = line;
  }

  /** What is wrong, on one line. */
  public String what() {
    return what;
  }

  /** The line of the message, the first one being 1. */
  public int line() {
    return line;
  }
}
