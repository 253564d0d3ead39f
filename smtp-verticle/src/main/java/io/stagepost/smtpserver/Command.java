package io.stagepost.smtpserver;

/** A command line that was understood, and two that were not. */
sealed interface Command {

  /** EHLO; the name is empty when it was not given. */
  record Ehlo(String name) implements Command {}

  /** HELO; the name is empty when it was not given. */
  record Helo(String name) implements Command {}

  /** MAIL with everything after the verb. */
  record Mail(String argument) implements Command {}

  /** RCPT with everything after the verb. */
  record Rcpt(String argument) implements Command {}

  record Data() implements Command {}

  /**
   * BDAT.
   *
   * @param size the octets that follow, or -1 when that is not a number
   */
  record Bdat(long size, Position position) implements Command {}

  record Rset() implements Command {}

  record Noop() implements Command {}

  /** VRFY with what is to be verified. */
  record Vrfy(String argument) implements Command {}

  record Help() implements Command {}

  record Quit() implements Command {}

  /** AUTH with everything after the verb. */
  record Auth(String argument) implements Command {}

  record StartTls() implements Command {}

  /** A verb that is known and not offered. */
  record NotImplemented() implements Command {}

  /** A verb that is not known. */
  record Unknown() implements Command {}

  /** A line that holds a NUL, a bare CR or a bare LF. */
  record Malformed() implements Command {}

  /** Where a chunk is in its message. */
  enum Position {
    MORE,
    LAST
  }
}
