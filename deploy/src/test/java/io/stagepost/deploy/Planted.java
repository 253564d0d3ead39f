package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Secrets that nobody but those they are for may ever see, in whatever form. */
final class Planted {

  // Groups of three octets become four characters: what is left and right of a secret touches
  // these.
  private static final int EDGE = 3;

  private final Map<String, String> forms = new LinkedHashMap<>();

  Planted(String... secrets) {
    for (String secret : secrets) {
      plant(secret);
    }
  }

  /** Notes one more. */
  void plant(String secret) {
    forms.put(secret, "plain");
    byte[] octets = secret.getBytes(UTF_8);
    forms.put(HexFormat.of().formatHex(octets), "hex");
    forms.put(HexFormat.of().withUpperCase().formatHex(octets), "hex");
    for (int before = 0; before < EDGE; before++) {
      String shifted = "x".repeat(before) + secret;
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted.getBytes(UTF_8));
      int tail = shifted.length() % EDGE == 0 ? 0 : 1;
      String within = base64.substring(before == 0 ? 0 : before + 1, base64.length() - tail);
      forms.put(within, "base64");
    }
  }

  /** Each line of a text that has one, with how it is written there. */
  List<String> in(String where, String text) {
    List<String> found = new ArrayList<>();
    text.lines()
        .forEach(
            line ->
                forms.forEach(
                    (form, name) -> {
                      if (line.contains(form)) {
                        found.add(where + ": " + name + ": " + line);
                      }
                    }));
    return found;
  }
}
