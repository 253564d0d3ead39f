package io.stagepost.auth;

import java.util.List;

/** The names of mechanisms, as registered with IANA where they are. */
final class Mechanisms {

  static final String SCRAM = "SCRAM-SHA-256";
  static final String PLAIN = "PLAIN";
  static final String LOGIN = "LOGIN";
  static final String XOAUTH2 = "XOAUTH2";
  static final String APOP = "APOP";

  /** Strongest first. */
  static final List<String> CRAM = List.of("CRAM-SHA512", "CRAM-SHA256", "CRAM-SHA1", "CRAM-MD5");

  private Mechanisms() {}
}
