package io.stagepost.smtp;

/**
 * The subject and detail of an enhanced status code (RFC 3463).
 *
 * <p>The class, its first number, is not kept: it always follows from the reply code it travels
 * with, so that a 550 can never carry a 4.x.x.
 *
 * @param subject 0 to 999, for instance 1 for addressing
 * @param detail 0 to 999
 */
public record EnhancedStatus(int subject, int detail) {

  public static final EnhancedStatus NONE = new EnhancedStatus(0, 0);
  public static final EnhancedStatus ADDRESS_BAD = new EnhancedStatus(1, 1);
  public static final EnhancedStatus ADDRESS_SYNTAX = new EnhancedStatus(1, 3);
  public static final EnhancedStatus ADDRESS_VALID = new EnhancedStatus(1, 5);
  public static final EnhancedStatus SENDER_SYNTAX = new EnhancedStatus(1, 7);
  public static final EnhancedStatus MAILBOX_NON_ASCII = new EnhancedStatus(6, 7);
  public static final EnhancedStatus MESSAGE_TOO_BIG = new EnhancedStatus(3, 4);
  public static final EnhancedStatus SYSTEM = new EnhancedStatus(3, 0);
  public static final EnhancedStatus SYSTEM_FULL = new EnhancedStatus(3, 1);
  public static final EnhancedStatus NOT_ACCEPTING = new EnhancedStatus(3, 2);
  public static final EnhancedStatus ROUTING_LOOP = new EnhancedStatus(4, 6);
  public static final EnhancedStatus CONNECTION_TIMEOUT = new EnhancedStatus(4, 2);
  public static final EnhancedStatus PROTOCOL = new EnhancedStatus(5, 0);
  public static final EnhancedStatus INVALID_COMMAND = new EnhancedStatus(5, 1);
  public static final EnhancedStatus SYNTAX = new EnhancedStatus(5, 2);
  public static final EnhancedStatus TOO_MANY_RECIPIENTS = new EnhancedStatus(5, 3);
  public static final EnhancedStatus BAD_ARGUMENTS = new EnhancedStatus(5, 4);
  public static final EnhancedStatus CONTENT = new EnhancedStatus(6, 0);
  public static final EnhancedStatus SECURITY = new EnhancedStatus(7, 0);
  public static final EnhancedStatus NOT_AUTHORIZED = new EnhancedStatus(7, 1);

  public static final EnhancedStatus AUTHENTICATION_INVALID = new EnhancedStatus(7, 8);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when a number is not from 0 to 999
   */
  public EnhancedStatus {
    if (subject < 0 || subject > 999 || detail < 0 || detail > 999) {
      throw new IllegalArgumentException("not an enhanced status: " + subject + "." + detail);
    }
  }

  /** The full code as it goes on the wire with the given reply code, for instance {@code 5.1.1}. */
  public String withClassOf(ReplyCode code) {
    return code.value() / 100 + "." + subject + "." + detail;
  }
}
