package io.stagepost.smtpserver;

import io.stagepost.smtp.MailArguments;
import io.stagepost.smtp.RcptArguments;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.MessageId;
import java.util.ArrayList;
import java.util.List;

/** A message from MAIL to the end of its content; not thread-safe. */
final class Transaction {

  private final MessageId id;
  private final MailArguments mail;
  private final List<String> recipients = new ArrayList<>(2);
  private final List<DsnRequest.Recipient> notifications = new ArrayList<>(0);

  Transaction(MessageId id, MailArguments mail) {
    this.id = id;
    this.mail = mail;
  }

  MessageId id() {
    return id;
  }

  MailArguments mail() {
    return mail;
  }

  List<String> recipients() {
    return recipients;
  }

  void add(RcptArguments recipient) {
    String address = recipient.forwardPath().stored();
    recipients.add(address);
    if (!recipient.dsnNotify().isEmpty() || !recipient.dsnOriginal().isEmpty()) {
      notifications.add(
          new DsnRequest.Recipient(address, recipient.dsnNotify(), recipient.dsnOriginal()));
    }
  }

  /** The envelope of a message from there; the AUTH of MAIL is added here. */
  Envelope envelope(Envelope.Origin origin) {
    return Envelope.received(
        mail.body(),
        mail.reversePath().stored(),
        Envelope.Recipients.remote(recipients),
        new Envelope.Origin(
            origin.authentication(), origin.client(), origin.certificate(), mail.auth()),
        new DsnRequest(mail.dsnReturn(), mail.dsnEnvelopeId(), notifications));
  }
}
