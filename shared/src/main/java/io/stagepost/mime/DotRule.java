package io.stagepost.mime;

/** What a line with nothing but a dot means in what is read. */
public enum DotRule {
  /** It is a line as any other. */
  IS_TEXT,
  /** It ends the message. */
  ENDS_MESSAGE
}
