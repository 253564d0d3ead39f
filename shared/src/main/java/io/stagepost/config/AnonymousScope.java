package io.stagepost.config;

/** What of the relay's identity is hidden. */
public enum AnonymousScope {
  /** VRFY is not offered. */
  VRFY,
  /** Greeting and EHLO don't name the relay. */
  SERVER,
  /** No Received line is added. */
  CONTENT,
  /** No account name in MAIL AUTH= when forwarding. */
  CLIENT
}
