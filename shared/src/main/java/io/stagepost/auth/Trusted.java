package io.stagepost.auth;

/**
 * A peer that counts as authenticated because of its address.
 *
 * @param pattern that matched
 * @param keyword for the address verifier and the envelope
 * @param line of the secrets file
 */
public record Trusted(String address, String pattern, String keyword, int line) {

  /** For the log. */
  public String text() {
    return "trusting [" + address + "]: matched [" + pattern + "] from line " + line;
  }
}
