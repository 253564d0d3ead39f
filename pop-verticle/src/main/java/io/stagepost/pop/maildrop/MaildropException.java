package io.stagepost.pop.maildrop;

/** Why an account can't have its maildrop. */
public final class MaildropException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** What is in the way. */
  public enum Reason {
    /** Another session has it. */
    IN_USE,
    /** The account's name can't be that of a directory. */
    BAD_NAME
  }

  MaildropException(Reason reason, String text) {
    super(text);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
