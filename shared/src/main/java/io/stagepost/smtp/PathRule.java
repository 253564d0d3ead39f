package io.stagepost.smtp;

/** How the arguments of MAIL and RCPT are read. */
public enum PathRule {
  /** An address must stand in angle brackets. */
  BRACKETS,
  /** Domains are stored as A-labels. */
  A_LABELS,
  /** A local part beyond ASCII needs SMTPUTF8. */
  UTF8_DECLARED,
  /** The parameters of RFC 3461 are read and checked; otherwise they are ignored. */
  DSN
}
