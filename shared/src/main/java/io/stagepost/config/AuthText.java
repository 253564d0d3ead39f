package io.stagepost.config;

import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/** Checks how accounts and mechanisms are written. */
final class AuthText {

  private static final String INLINE = "plain:";
  private static final Pattern ITEM = Pattern.compile("([mxad]:)?[A-Za-z0-9_-]*(,[A-Za-z0-9_-]*)*");

  private AuthText() {}

  /** A file, or {@code pam:}. */
  static boolean isServerSecrets(String text) {
    return !text.isEmpty() && text.indexOf('\0') < 0 && !isInline(text);
  }

  /** A file, or {@code plain:} with a name and a password in base64. */
  static boolean isClientSecrets(String text) {
    if (!isInline(text)) {
      return !text.isEmpty() && text.indexOf('\0') < 0;
    }
    String[] parts = text.substring(INLINE.length()).split(":", -1);
    return parts.length == 2 && Arrays.stream(parts).allMatch(AuthText::isBase64);
  }

  /** Whether the secret itself is there. */
  static boolean isInline(String text) {
    return text.startsWith(INLINE);
  }

  /** What may be shown of it. */
  static String masked(String text) {
    return isInline(text) ? INLINE + "***:***" : text;
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
