package io.stagepost.wire;

/** What to do about a CR without LF, or a LF without CR, within a message. */
public enum BareLineEnds {
  /** Refuse the message. */
  REJECT,
  /** Make each of them a CRLF. */
  NORMALISE,
  /** Keep them as they are; they never end a line or the message. */
  ALLOW
}
