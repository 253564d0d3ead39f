package io.stagepost.pop;

/** A command line that was understood, and two that were not. */
sealed interface Command {

  record Capa() implements Command {}

  record User(String name) implements Command {}

  /** PASS with all that follows, blanks included. */
  record Pass(String password) implements Command {}

  record Apop(String name, String digest) implements Command {}

  /**
   * AUTH.
   *
   * @param mechanism empty to ask for a list
   * @param initial the initial response in base64; empty without one
   */
  record Auth(String mechanism, String initial) implements Command {}

  record Stls() implements Command {}

  record Utf8() implements Command {}

  /** LANG; the tag is empty to ask for a list. */
  record Lang(String tag) implements Command {}

  record Stat() implements Command {}

  /** LIST with what follows it, maybe nothing. */
  record List(String argument) implements Command {}

  /** UIDL with what follows it, maybe nothing. */
  record Uidl(String argument) implements Command {}

  record Retr(String argument) implements Command {}

  record Top(String argument, String lines) implements Command {}

  record Dele(String argument) implements Command {}

  record Noop() implements Command {}

  record Rset() implements Command {}

  record Quit() implements Command {}

  /** A verb that is not known. */
  record Unknown() implements Command {}

  /** A line that holds a NUL, a bare CR or a bare LF. */
  record Malformed() implements Command {}
}
