package io.stagepost.forwarder;

/** Why a connection to a next hop could not be made, or can't be used any more. */
final class LinkException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private transient Attempt attempt = Attempt.NONE;

  LinkException(Kind kind, String reason) {
    super(reason, null, false, false);
    this.kind = kind;
  }

  /** The same, with how the attempt went that it ended. */
  LinkException during(Attempt ended) {
    attempt = ended;
    return this;
  }

  /** How the attempt went; {@link Attempt#NONE} when that is not known here. */
  Attempt attempt() {
    return attempt;
  }

  Kind kind() {
    return kind;
  }

  /** The reason as the log has it. */
  String reason() {
    return String.valueOf(getMessage());
  }

  /** What it says about the message that was to be sent. */
  enum Kind {
    /** There was never a connection, so nothing is known about the message. */
    NOT_CONNECTED,
    /** The connection broke, or the peer didn't keep to the protocol. */
    BROKEN,
    /** We gave it up ourselves. */
    ABANDONED
  }
}
