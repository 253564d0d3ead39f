package io.stagepost.auth;

import io.stagepost.telemetry.LogText;

/** How secrets are spoken of in the log. */
final class Told {

  private static final int LONGEST = 128;

  private Told() {}

  static String secret(String kind, String id) {
    String shown = id.length() > LONGEST ? id.substring(0, LONGEST) + ".." : id;
    return kind + " secret for [" + LogText.escape(shown) + "]";
  }
}
