package io.stagepost.mime;

/** Keeps values from becoming more than the one field that they are meant for. */
final class FieldText {

  private FieldText() {}

  /**
   * Checks that a value stays on its line.
   *
   * @throws FieldException when it holds a line end or NUL
   */
  static void check(String field, String value) throws FieldException {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new FieldException(field, "a line end or NUL is not allowed");
      }
    }
  }

  /**
   * Checks the name of a field (RFC 5322 §3.6.8).
   *
   * @throws FieldException when it is none
   */
  static void checkName(String name) throws FieldException {
    if (name.isEmpty()
        || name.length() > 76
        || !name.chars().allMatch(HeaderField::isNameCharacter)) {
      throw new FieldException("header", "invalid field name");
    }
  }
}
