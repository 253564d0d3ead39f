package io.stagepost.spool;

import io.stagepost.smtp.BodyType;
import java.util.List;

/**
 * What travels with a message apart from its content.
 *
 * @param body what the sender declared in BODY=
 * @param reversePath the address of MAIL FROM without brackets, empty for the null path
 * @param recipients who it is for
 * @param origin where it came from
 * @param routing how it is to be sent on
 * @param mailboxes whether any mailbox name needs SMTPUTF8
 * @param dsn what the sender asked for by RFC 3461
 * @param trailer further lines that were found after the end of an envelope file, kept as they are,
 *     without line ends
 */
public record Envelope(
    BodyType body,
    String reversePath,
    Recipients recipients,
    Origin origin,
    Routing routing,
    MailboxNames mailboxes,
    DsnRequest dsn,
    List<String> trailer) {

  /** Copies the lists. */
  public Envelope {
    trailer = List.copyOf(trailer);
  }

  /** A message as it arrives: no routing yet, nothing after the end. */
  public static Envelope received(
      BodyType body, String reversePath, Recipients recipients, Origin origin, DsnRequest dsn) {
    return new Envelope(
        body,
        reversePath,
        recipients,
        origin,
        Routing.DEFAULT,
        MailboxNames.of(reversePath, recipients),
        dsn,
        List.of());
  }

  /** The same envelope for other recipients. */
  public Envelope withRecipients(Recipients others) {
    return new Envelope(body, reversePath, others, origin, routing, mailboxes, dsn, trailer);
  }

  /** The same envelope, to be sent on in another way. */
  public Envelope withRouting(Routing other) {
    return new Envelope(body, reversePath, recipients, origin, other, mailboxes, dsn, trailer);
  }

  /**
   * Who a message is for.
   *
   * @param local mailbox names that an address verifier gave
   * @param remote forwarding addresses in the order given, repeats kept
   */
  public record Recipients(List<String> local, List<String> remote) {

    /** Copies the lists. */
    public Recipients {
      local = List.copyOf(local);
      remote = List.copyOf(remote);
    }

    /** Recipients that are all to be forwarded. */
    public static Recipients remote(List<String> addresses) {
      return new Recipients(List.of(), addresses);
    }
  }

  /**
   * Where a message came from.
   *
   * @param authentication the authenticated user or the keyword of a trusted address, or empty
   * @param client the peer's address without port, {@code /} for a unix-domain socket
   * @param certificate the client certificate in PEM with LF line ends, or empty
   * @param mailFromAuth the AUTH parameter of MAIL as xtext or {@code <>}, or empty
   */
  public record Origin(
      String authentication, String client, String certificate, String mailFromAuth) {

    /** An unauthenticated client. */
    public static Origin of(String client) {
      return new Origin("", client, "", "");
    }
  }

  /**
   * How a message is to be sent on; each part is empty when the relay's own settings apply.
   *
   * @param mailFromAuth what to send as AUTH on MAIL: {@code <>}, an xtext, or empty
   * @param forwardTo the domain to route to
   * @param forwardToAddress the next hop, in place of the configured one
   * @param accountSelector which client account to use
   */
  public record Routing(
      String mailFromAuth, String forwardTo, String forwardToAddress, String accountSelector) {

    public static final Routing DEFAULT = new Routing("", "", "", "");
  }

  /** Whether any mailbox name of an envelope is beyond ASCII. */
  public enum MailboxNames {
    ASCII,
    UTF8;

    static MailboxNames of(String reversePath, Recipients recipients) {
      boolean ascii =
          isAsciiMailbox(reversePath)
              && recipients.remote().stream().allMatch(MailboxNames::isAsciiMailbox);
      return ascii ? ASCII : UTF8;
    }

    private static boolean isAsciiMailbox(String address) {
      int at = address.lastIndexOf('@');
      String mailbox = at < 0 ? address : address.substring(0, at);
      return mailbox.chars().allMatch(c -> c < 128);
    }
  }
}
