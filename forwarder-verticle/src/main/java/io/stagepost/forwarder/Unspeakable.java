package io.stagepost.forwarder;

import io.stagepost.smtp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What we have said to prove who we are. A server that repeats it in a reply doesn't get it into
 * logs, traces or envelopes that way.
 *
 * <p>Bound: the lines of one connection's exchanges, of which there are few.
 */
final class Unspeakable {

  private static final String STRUCK = "[not logged]";
  // Shorter ones would strike ordinary words.
  private static final int SHORTEST = 4;

  private final Set<String> words = new LinkedHashSet<>();

  /**
   * Notes a line: the response at its end, and what that says without base64.
   *
   * @param name what is no secret
   */
  void add(String line, String name) {
    String response = line.substring(line.lastIndexOf(' ') + 1);
    note(response);
    try {
      byte[] octets = Base64.getDecoder().decode(response);
      // PLAIN parts by NUL, XOAUTH2 by ^A; a token follows its kind.
      for (String part : new String(octets, StandardCharsets.UTF_8).split("[\\x00\\x01]")) {
        note(part);
        note(part.substring(part.lastIndexOf(' ') + 1));
      }
    } catch (IllegalArgumentException e) {
      // It is not base64, so there is nothing behind it.
    }
    words.remove(name);
  }

  void clear() {
    words.clear();
  }

  /** A reply without any of it. */
  Reply strike(Reply reply) {
    if (words.isEmpty() || reply.lines().stream().noneMatch(this::says)) {
      return reply;
    }
    return new Reply(
        reply.code(), reply.status(), reply.lines().stream().map(this::struck).toList());
  }

  private boolean says(String text) {
    return words.stream().anyMatch(text::contains);
  }

  private String struck(String text) {
    String left = text;
    List<String> longestFirst =
        words.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    for (String word : longestFirst) {
      left = left.replace(word, STRUCK);
    }
    return left;
  }

  private void note(String word) {
    if (word.length() >= SHORTEST) {
      words.add(word);
    }
  }
}
