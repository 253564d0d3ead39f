package io.stagepost.spool;

/**
 * The name of a message in the spool: the stem of its files, for instance {@code
 * emailrelay.1259.1795224783.1}.
 *
 * <p>Any stem that is a plain file name is allowed, as files may be put there by others.
 */
public record MessageId(String value) implements Comparable<MessageId> {

  /**
   * Checks that the value is a plain file name.
   *
   * @throws IllegalArgumentException when it is empty, longer than 200 characters, {@code .} or
   *     {@code ..}, or holds a slash or a control character
   */
  public MessageId {
    if (value.isEmpty() || value.length() > 200 || value.equals(".") || value.equals("..")) {
      throw new IllegalArgumentException("not a message id");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '/' || c == '\\' || Character.isISOControl(c)) {
        throw new IllegalArgumentException("not a message id");
      }
    }
  }

  @Override
  public int compareTo(MessageId other) {
    return SpoolOrder.compare(value, other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
