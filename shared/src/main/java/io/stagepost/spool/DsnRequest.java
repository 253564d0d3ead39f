package io.stagepost.spool;

import java.util.List;

/**
 * The notifications a sender asked for (RFC 3461 §4), as received and checked for syntax.
 *
 * @param ret {@code FULL}, {@code HDRS}, or empty
 * @param envelopeId the ENVID as xtext, or empty
 * @param recipients an entry for each recipient that came with a parameter
 */
public record DsnRequest(String ret, String envelopeId, List<Recipient> recipients) {

  public static final DsnRequest NONE = new DsnRequest("", "", List.of());

  /** Copies the list. */
  public DsnRequest {
    recipients = List.copyOf(recipients);
  }

  /** Whether nothing was asked for. */
  public boolean isEmpty() {
    return ret.isEmpty() && envelopeId.isEmpty() && recipients.isEmpty();
  }

  /**
   * What was asked for one recipient.
   *
   * @param address the recipient as it stands in the envelope
   * @param notification the value of NOTIFY in upper case, or empty
   * @param originalRecipient the value of ORCPT ({@code type;xtext}), or empty
   */
  public record Recipient(String address, String notification, String originalRecipient) {}
}
