package io.stagepost.spool;

/** Why the spool could not do what was asked. */
public abstract sealed class SpoolException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private SpoolException(String message, Throwable cause) {
    super(message, cause);
  }

  private SpoolException(String message) {
    super(message);
  }

  /** The store is full; it may have room again later. */
  public static final class NoSpace extends SpoolException {
    private static final long serialVersionUID = 1L;

    public NoSpace(String message) {
      super(message);
    }

    public NoSpace(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The store answered with an error. */
  public static final class Io extends SpoolException {
    private static final long serialVersionUID = 1L;

    public Io(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The message is not there, or not in the state that the call needs. */
  public static final class NotAvailable extends SpoolException {
    private static final long serialVersionUID = 1L;

    public NotAvailable(String message) {
      super(message);
    }
  }

  /** The message can't be understood. */
  public static final class Corrupt extends SpoolException {
    private static final long serialVersionUID = 1L;

    public Corrupt(String message) {
      super(message);
    }
  }

  /** The claim was taken over by another owner. */
  public static final class StaleClaim extends SpoolException {
    private static final long serialVersionUID = 1L;

    public StaleClaim(String message) {
      super(message);
    }
  }

  /** The spool was closed. */
  public static final class Closed extends SpoolException {
    private static final long serialVersionUID = 1L;

    public Closed() {
      super("the spool is closed");
    }
  }
}
