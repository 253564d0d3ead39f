package io.stagepost.smtp;

/**
 * A three-digit SMTP reply code (RFC 5321 §4.2).
 *
 * <p>Any value from 200 to 599 is allowed, because remote servers are free to invent codes; the
 * constants are those that this relay sends.
 */
public record ReplyCode(int value) {

  public static final ReplyCode HELP_214 = new ReplyCode(214);
  public static final ReplyCode SERVICE_READY_220 = new ReplyCode(220);
  public static final ReplyCode CLOSING_221 = new ReplyCode(221);
  public static final ReplyCode AUTHENTICATED_235 = new ReplyCode(235);
  public static final ReplyCode OK_250 = new ReplyCode(250);
  public static final ReplyCode CANNOT_VERIFY_252 = new ReplyCode(252);
  public static final ReplyCode CHALLENGE_334 = new ReplyCode(334);
  public static final ReplyCode START_INPUT_354 = new ReplyCode(354);
  public static final ReplyCode SERVICE_NOT_AVAILABLE_421 = new ReplyCode(421);
  public static final ReplyCode MAILBOX_BUSY_450 = new ReplyCode(450);
  public static final ReplyCode LOCAL_ERROR_451 = new ReplyCode(451);
  public static final ReplyCode INSUFFICIENT_STORAGE_452 = new ReplyCode(452);
  public static final ReplyCode AUTHENTICATION_UNAVAILABLE_454 = new ReplyCode(454);
  public static final ReplyCode UNRECOGNIZED_500 = new ReplyCode(500);
  public static final ReplyCode BAD_PARAMETER_501 = new ReplyCode(501);
  public static final ReplyCode NOT_IMPLEMENTED_502 = new ReplyCode(502);
  public static final ReplyCode BAD_SEQUENCE_503 = new ReplyCode(503);
  public static final ReplyCode PARAMETER_NOT_IMPLEMENTED_504 = new ReplyCode(504);
  public static final ReplyCode AUTHENTICATION_REQUIRED_530 = new ReplyCode(530);
  public static final ReplyCode AUTHENTICATION_FAILED_535 = new ReplyCode(535);
  public static final ReplyCode MAILBOX_UNAVAILABLE_550 = new ReplyCode(550);
  public static final ReplyCode SIZE_EXCEEDED_552 = new ReplyCode(552);
  public static final ReplyCode MAILBOX_NAME_553 = new ReplyCode(553);
  public static final ReplyCode TRANSACTION_FAILED_554 = new ReplyCode(554);
  public static final ReplyCode PARAMETERS_NOT_RECOGNIZED_555 = new ReplyCode(555);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the value is not from 200 to 599
   */
  public ReplyCode {
    if (value < 200 || value > 599) {
      throw new IllegalArgumentException("not an SMTP reply code: " + value);
    }
  }

  /** Whether the command was carried out (2xx). */
  public boolean isPositive() {
    return value < 300;
  }

  /** Whether more input is awaited (3xx). */
  public boolean isIntermediate() {
    return value >= 300 && value < 400;
  }

  /** Whether the same command may succeed later (4xx). */
  public boolean isTransient() {
    return value >= 400 && value < 500;
  }

  /** Whether the command must not be repeated unchanged (5xx). */
  public boolean isPermanent() {
    return value >= 500;
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
