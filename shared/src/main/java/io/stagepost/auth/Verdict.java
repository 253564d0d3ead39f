package io.stagepost.auth;

/**
 * What was found about a client's claim.
 *
 * @param user it claims to be; empty when that could not be understood
 * @param secret by which that was decided, for the log
 */
record Verdict(Finding finding, String user, String secret) {

  /** Whether the claim is true. */
  enum Finding {
    TRUE,
    FALSE,
    /** It could not be found out. */
    UNKNOWN
  }

  static Verdict of(boolean isTrue, SecretRecord record) {
    return new Verdict(isTrue ? Finding.TRUE : Finding.FALSE, record.id(), record.told());
  }

  /** There is no secret that could decide. */
  static Verdict missing(String user) {
    return new Verdict(Finding.FALSE, user, Told.secret("missing", user));
  }

  /** The response is none. */
  static Verdict nonsense() {
    return new Verdict(Finding.FALSE, "", "missing secret");
  }
}
