package io.stagepost.admin.queue;

/** There is no message of that id in the queue. */
public final class NoSuchMessageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** For whoever looks for one. */
  public NoSuchMessageException() {
    super("no such message");
  }
}
