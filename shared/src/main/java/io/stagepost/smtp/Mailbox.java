package io.stagepost.smtp;

/**
 * An address of MAIL or RCPT.
 *
 * @param received as the client gave it, without brackets and source route; empty for the null path
 * @param stored the same with the domain as A-labels
 */
public record Mailbox(String received, String stored) {

  /** The null reverse path. */
  public static final Mailbox NULL = new Mailbox("", "");

  /** Whether this is the null reverse path. */
  public boolean isNull() {
    return received.isEmpty();
  }

  /** Whether the part before the last {@code @} is ASCII. */
  public boolean isAsciiLocalPart() {
    int at = received.lastIndexOf('@');
    return isAscii(at < 0 ? received : received.substring(0, at));
  }

  static boolean isAscii(CharSequence text) {
    return text.chars().allMatch(c -> c < 128);
  }
}
