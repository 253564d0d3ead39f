package io.stagepost.mime;

/** What is done when a header goes on with something that is no field. */
public enum HeaderRule {
  /** It is an error. */
  STRICT,
  /**
   * The body begins there, and an mbox separator on top is skipped: so that what scripts pipe into
   * a mailer is sent, whatever it is.
   */
  LENIENT
}
