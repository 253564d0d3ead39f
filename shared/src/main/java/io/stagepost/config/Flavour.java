package io.stagepost.config;

/** Which set of defaults holds; nothing else ever depends on it. */
public enum Flavour {
  /** As E-MailRelay behaves, for its users and scripts. */
  DROP_IN,
  /** Stagepost's own. */
  OWN
}
