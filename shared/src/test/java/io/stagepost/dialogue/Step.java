package io.stagepost.dialogue;

import io.vertx.core.buffer.Buffer;

/** One line of a dialogue. */
public sealed interface Step {

  /** {@code C:} a line of the client's, sent with CRLF; {@code C~} any line that begins so. */
  record ClientLine(String text, Match match) implements Step {}

  /** {@code C!} octets of the client's as they are, see {@link RawText}. */
  record ClientOctets(Buffer octets) implements Step {}

  /** {@code S:} a line of the server's, sent with CRLF; {@code S~} any line that begins so. */
  record ServerLine(String text, Match match) implements Step {}

  /** {@code S!} octets of the server's as they are. */
  record ServerOctets(Buffer octets) implements Step {}

  /** {@code -- close}: the server closes here. */
  record ServerCloses() implements Step {}

  /** {@code -- hangup}: the client closes here, without a word. */
  record ClientHangsUp() implements Step {}

  /** {@code -- tls}: both encrypt here, and the handshake succeeds. */
  record Encrypts() implements Step {}

  /** {@code -- tls refused}: both begin to encrypt here, and the client breaks it off. */
  record RefusesToEncrypt() implements Step {}

  /** {@code -- wait}: what is sent from here on goes into another write, after the replies. */
  record Barrier() implements Step {}

  /** {@code -- do <name>}: the test does something; also a barrier. */
  record Action(String name) implements Step {}

  /** How the receiving side compares. */
  enum Match {
    EXACT,
    PREFIX
  }
}
