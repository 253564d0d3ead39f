package io.stagepost.config;

import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks how accounts and mechanisms are written. */
final class AuthText {

  private static final String INLINE = "plain:";
  // Whatever is written like an account is taken for one, in case its kind is misspelled.
  private static final Pattern LIKE_INLINE = Pattern.compile("([A-Za-z0-9_-]*):[^:]*:[^:]*");
  private static final Pattern ITEM = Pattern.compile("([mxad]:)?[A-Za-z0-9_-]*(,[A-Za-z0-9_-]*)*");

  private AuthText() {}

  /** A file, or {@code pam:}. */
  static boolean isServerSecrets(String text) {
    return isFile(text);
  }

  /** A file, or {@code plain:} with a name and a password in base64. */
  static boolean isClientSecrets(String text) {
    if (!isInline(text)) {
      return isFile(text);
    }
    String[] parts = text.substring(INLINE.length()).split(":", -1);
    return parts.length == 2 && Arrays.stream(parts).allMatch(AuthText::isBase64);
  }

  /** Whether the secret itself is there. */
  static boolean isInline(String text) {
    return text.startsWith(INLINE);
  }

  /** What may be shown of a value that is anything at all. */
  static String maskedInline(String text) {
    return isInline(text) ? INLINE + "***:***" : text;
  }

  /** What may be shown of where accounts are. */
  static String masked(String text) {
    Matcher like = LIKE_INLINE.matcher(text);
    if (like.matches()) {
      return like.group(1) + ":***:***";
    }
    return maskedInline(text);
  }

  private static boolean isFile(String text) {
    return !text.isEmpty()
        && text.indexOf('\0') < 0
        && !isInline(text)
        && !LIKE_INLINE.matcher(text).matches();
  }

  /** Items as {@code m:plain,login} between semicolons. */
  static boolean isConfig(String text) {
    return Arrays.stream(text.split(";")).allMatch(item -> ITEM.matcher(item.strip()).matches());
  }

  private static boolean isBase64(String text) {
    try {
      return Base64.getDecoder().decode(text).length > 0 || text.isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
