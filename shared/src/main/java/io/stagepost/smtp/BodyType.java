package io.stagepost.smtp;

/** What the sender said of the content in the BODY parameter of MAIL (RFC 6152, RFC 3030). */
public enum BodyType {
  SEVEN_BIT("7bit", "7BIT"),
  EIGHT_BIT("8bit", "8BITMIME"),
  BINARY_MIME("binarymime", "BINARYMIME"),
  UNKNOWN("unknown", "");

  private final String envelopeWord;
  private final String parameter;

  BodyType(String envelopeWord, String parameter) {
    this.envelopeWord = envelopeWord;
    this.parameter = parameter;
  }

  /** The word in the Content field of an envelope file. */
  public String envelopeWord() {
    return envelopeWord;
  }

  /** The value of the BODY parameter, empty for {@link #UNKNOWN}. */
  public String parameter() {
    return parameter;
  }

  /** Reads an envelope's word; anything not known is {@link #UNKNOWN}. */
  public static BodyType ofEnvelopeWord(String word) {
    for (BodyType type : values()) {
      if (type.envelopeWord.equals(word)) {
        return type;
      }
    }
    return UNKNOWN;
  }

  /** Reads a BODY parameter without regard to case; anything not known is {@link #UNKNOWN}. */
  public static BodyType ofParameter(String value) {
    for (BodyType type : values()) {
      if (type != UNKNOWN && type.parameter.equalsIgnoreCase(value)) {
        return type;
      }
    }
    return UNKNOWN;
  }
}
