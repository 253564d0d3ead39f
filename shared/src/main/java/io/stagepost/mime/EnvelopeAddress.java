package io.stagepost.mime;

import io.stagepost.smtp.MailArguments;
import io.stagepost.smtp.Mailbox;
import io.stagepost.smtp.PathRule;
import io.stagepost.smtp.RcptArguments;
import io.stagepost.smtp.SyntaxException;
import java.util.Optional;
import java.util.Set;

/** Addresses as they are kept in envelopes: the domain as A-labels. */
public final class EnvelopeAddress {

  private static final Set<PathRule> RULES = Set.of(PathRule.BRACKETS, PathRule.A_LABELS);

  private EnvelopeAddress() {}

  /** An address that may go into an envelope, or empty when it can't. */
  public static Optional<String> of(String address) {
    try {
      Mailbox parsed =
          RcptArguments.parse("TO:<" + address + ">", RULES, MailArguments.Utf8.DECLARED)
              .forwardPath();
      // What a path would also allow, such as a source route or parameters, is no address.
      boolean bare = address.indexOf(' ') < 0 || address.startsWith("\"");
      return bare && parsed.received().equals(address)
          ? Optional.of(parsed.stored())
          : Optional.empty();
    } catch (SyntaxException e) {
      return Optional.empty();
    }
  }
}
