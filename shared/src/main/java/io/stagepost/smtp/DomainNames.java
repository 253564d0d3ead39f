package io.stagepost.smtp;

import com.ibm.icu.text.IDNA;
import java.util.Optional;

/** Internationalised domain names as A-labels (RFC 5890). */
public final class DomainNames {

  private DomainNames() {}

  /** Loads its tables when the first name that needs them comes. */
  private static final class Lazy {
    // Without the STD3 rules, some letters become blanks, brackets or an at sign.
    static final IDNA UTS46 =
        IDNA.getUTS46Instance(
            IDNA.USE_STD3_RULES | IDNA.CHECK_BIDI | IDNA.NONTRANSITIONAL_TO_ASCII);
  }

  /** The name in ASCII; one that is ASCII stays as it is, one that has no such form is empty. */
  public static Optional<String> toAscii(String name) {
    if (Mailbox.isAscii(name)) {
      return Optional.of(name);
    }
    StringBuilder out = new StringBuilder();
    IDNA.Info info = new IDNA.Info();
    Lazy.UTS46.nameToASCII(name, out, info);
    return info.hasErrors() || !Mailbox.isAscii(out)
        ? Optional.empty()
        : Optional.of(out.toString());
  }
}
