package io.stagepost.wire;

import java.util.stream.Stream;

/** What looks like the end of a message's content and is none (CVE-2023-51764). */
public final class Lookalikes {

  private Lookalikes() {}

  /** Those that some server takes for the end. */
  public static Stream<String> all() {
    return Stream.of(
        "\n.\n",
        "\r.\r",
        "\r.\n",
        "\n.\r",
        "\n.\r\n",
        "\r\n.\n",
        "\r.\r\n",
        "\r\n.\r",
        "\r\n\0.\r\n",
        "\r\n.\0\r\n");
  }
}
