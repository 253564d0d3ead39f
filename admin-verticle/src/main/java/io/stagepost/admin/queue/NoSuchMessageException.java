package io.stagepost.admin.queue;

/** There is no message of that id in the queue. */
public final class NoSuchMessageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NoSuchMessageException() {
    super("no such message");
  }
}
