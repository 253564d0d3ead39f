package io.stagepost.smtp;

/** What is wrong with an argument, in the words of the reply. */
public final class SyntaxException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Part part;

  private SyntaxException(Part part, String why) {
    super(why, null, false, false); // no stack trace: a client can make many of these
    this.part = part;
  }

  static SyntaxException address(String why) {
    return new SyntaxException(Part.ADDRESS, why);
  }

  static SyntaxException parameter(String why) {
    return new SyntaxException(Part.PARAMETER, why);
  }

  /** Which part of the command is wrong. */
  public Part part() {
    return part;
  }

  /** What is wrong. */
  public String why() {
    return String.valueOf(getMessage());
  }

  /** The part of a command. */
  public enum Part {
    ADDRESS,
    /** A parameter of an extension, answered 501. */
    PARAMETER
  }
}
