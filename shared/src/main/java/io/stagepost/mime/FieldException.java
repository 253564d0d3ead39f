package io.stagepost.mime;

/** A value that a field of a message can't have. */
public final class FieldException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String field;

  FieldException(String field, String what) {
    super(field + ": " + what);
    this.field = field;
  }

  /** The name of the field, for instance {@code Subject}. */
  public String field() {
    return field;
  }
}
