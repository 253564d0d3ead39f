package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Argon2id hash as text: {@code $argon2id$v=19$m=<KiB>,t=<passes>,p=<lanes>$<salt>$<hash>}, salt
 * and hash in base64 without padding.
 *
 * @param memory in KiB, at most 65536
 */
record Argon2Text(int memory, int passes, int lanes, Buffer salt, Buffer hash) {

  private static final Pattern SYNTAX =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,2}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]{11,128})\\$([A-Za-z0-9+/]{22,128})");

  // Several are computed at once in a small heap.
  private static final int MOST_MEMORY = 65_536;
  private static final int MOST_PASSES = 16;

  static Optional<Argon2Text> parse(String text) {
    Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int memory = Integer.parseInt(parts.group(1));
    int passes = Integer.parseInt(parts.group(2));
    int lanes = Integer.parseInt(parts.group(3));
    Optional<byte[]> salt = Octets.ofBase64(parts.group(4));
    Optional<byte[]> hash = Octets.ofBase64(parts.group(5));
    boolean isUsable =
        passes >= 1
            && passes <= MOST_PASSES
            && lanes >= 1
            && lanes <= MOST_PASSES
            && memory >= 8 * lanes
            && memory <= MOST_MEMORY;
    return isUsable && salt.isPresent() && hash.isPresent()
        ? Optional.of(
            new Argon2Text(
                memory, passes, lanes, Buffer.buffer(salt.get()), Buffer.buffer(hash.get())))
        : Optional.empty();
  }

  @Override
  public String toString() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            memory,
            passes,
            lanes,
            base64.encodeToString(salt.getBytes()),
            base64.encodeToString(hash.getBytes()));
  }
}
