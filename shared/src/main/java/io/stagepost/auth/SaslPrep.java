package io.stagepost.auth;

import com.ibm.icu.text.StringPrep;
import com.ibm.icu.text.StringPrepParseException;

/** Names and passwords in the form in which they are compared (RFC 4013). */
final class SaslPrep {

  private SaslPrep() {}

  /** Prepares a password; what isn't text, or can't be prepared, stays as it is (RFC 5802 §2.2). */
  static byte[] prepared(byte[] password) {
    for (byte octet : password) {
      if (octet < ' ' || octet == 0x7f) {
        return unusual(password);
      }
    }
    return password;
  }

  private static byte[] unusual(byte[] password) {
    try {
      return SlowHash.octets(
          StringPrep.getInstance(StringPrep.RFC4013_SASLPREP)
              .prepare(Octets.text(password), StringPrep.DEFAULT));
    } catch (StringPrepParseException e) {
      return password;
    }
  }
}
