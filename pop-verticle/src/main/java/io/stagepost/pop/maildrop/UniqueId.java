package io.stagepost.pop.maildrop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Unique ids of messages: the names of their files, where these are fit for it. */
final class UniqueId {

  private static final int LONGEST = 70;

  private UniqueId() {}

  /**
   * The id for a name: the name itself, or a hash of it where a client could not understand it.
   *
   * @param longest how long a name may be; RFC 1939 §7 allows 70 octets, E-MailRelay any number
   */
  static String of(String name, int longest) {
    boolean fits = name.length() <= longest && name.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    return fits ? name : hash(name);
  }

  /** The same with the limit of the standard. */
  static String of(String name) {
    return of(name, LONGEST);
  }

  private static String hash(String name) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
