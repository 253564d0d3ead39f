package io.stagepost.smtp;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a server said in its answer to EHLO (RFC 5321 §4.1.1.1).
 *
 * @param extensions those that this relay knows; keywords compare without regard to case
 * @param maximumSize the largest message in octets that it takes, 0 when it did not say
 * @param mechanisms of AUTH, in upper case
 */
public record PeerCapabilities(
    Set<Extension> extensions, long maximumSize, List<String> mechanisms) {

  /** A server that was greeted with HELO. */
  public static final PeerCapabilities NONE = new PeerCapabilities(Set.of(), 0, List.of());

  /** Copies the collections. */
  public PeerCapabilities {
    extensions = Set.copyOf(extensions);
    mechanisms = List.copyOf(mechanisms);
  }

  /** Whether the server offers an extension. */
  public boolean offers(Extension extension) {
    return extensions.contains(extension);
  }

  /** Reads the answer; its first line is no keyword, and what is not known is skipped. */
  public static PeerCapabilities of(Reply answer) {
    Set<Extension> extensions = EnumSet.noneOf(Extension.class);
    long size = 0;
    List<String> mechanisms = List.of();
    for (String line : answer.lines().subList(1, answer.lines().size())) {
      String[] words = line.trim().toUpperCase(Locale.ROOT).split("\\s+");
      for (Extension extension : Extension.values()) {
        if (extension.keyword.equals(words[0])) {
          extensions.add(extension);
        }
      }
      if (words[0].equals(Extension.SIZE.keyword) && words.length > 1) {
        size = sizeOf(words[1]);
      } else if (words[0].equals(Extension.AUTH.keyword)) {
        mechanisms = List.of(words).subList(1, words.length);
      }
    }
    return new PeerCapabilities(extensions, size, mechanisms);
  }

  private static long sizeOf(String word) {
    return word.matches("[0-9]{1,18}") ? Long.parseLong(word) : 0;
  }

  /** An extension of SMTP that a client can make use of. */
  public enum Extension {
    AUTH("AUTH"),
    BINARYMIME("BINARYMIME"),
    CHUNKING("CHUNKING"),
    DSN("DSN"),
    EIGHTBITMIME("8BITMIME"),
    PIPELINING("PIPELINING"),
    SIZE("SIZE"),
    SMTPUTF8("SMTPUTF8"),
    STARTTLS("STARTTLS");

    private final String keyword;

    Extension(String keyword) {
      this.keyword = keyword;
    }
  }
}
