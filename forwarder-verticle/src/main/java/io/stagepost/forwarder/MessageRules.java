package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings.Feature;
import io.stagepost.config.SecuritySettings.Author;
import io.stagepost.forwarder.Handshake.Agreement;
import io.stagepost.smtp.BodyType;
import io.stagepost.smtp.PeerCapabilities;
import io.stagepost.smtp.PeerCapabilities.Extension;
import io.stagepost.smtp.Xtext;
import io.stagepost.spool.Claim;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.MailboxNames;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What one peer's extensions mean for a message: whether it may go, and how MAIL reads. */
final class MessageRules {

  private static final String NOBODY = "<>";

  private final Set<Feature> features;
  private final PeerCapabilities peer;
  private final Optional<String> identity;
  private final Author author;
  private final SmtpLink link;
  private final Set<Feature> warned = EnumSet.noneOf(Feature.class);

  MessageRules(Set<Feature> features, Agreement agreement, SmtpLink link) {
    this.features = features;
    this.peer = agreement.peer();
    this.identity = agreement.identity();
    this.author = agreement.author();
    this.link = link;
  }

  /** Why the message can't be sent to this peer, if so. */
  Optional<Verdict.Unsendable> objection(Claim claim) {
    Envelope envelope = claim.envelope();
    if (envelope.mailboxes() == MailboxNames.UTF8
        && !peer.offers(Extension.SMTPUTF8)
        && objects(Feature.SMTPUTF8STRICT, "a message with utf8 mailbox names", "SMTPUTF8")) {
      return unsendable("cannot send utf8 message to non-smtputf8 server");
    }
    if (envelope.body() == BodyType.EIGHT_BIT
        && !peer.offers(Extension.EIGHTBITMIME)
        && objects(Feature.EIGHTBITSTRICT, "an eight-bit message", "8BITMIME")) {
      return unsendable("cannot send 8-bit message to 7-bit server");
    }
    if (envelope.body() == BodyType.BINARY_MIME
        && !takesBinary()
        && objects(Feature.BINARYMIMESTRICT, "a binarymime message", "BINARYMIME and CHUNKING")) {
      return unsendable("cannot send binarymime message to a non-chunking server");
    }
    if (peer.maximumSize() > 0 && claim.size() > peer.maximumSize()) {
      return Optional.of(
          new Verdict.Unsendable(
              "message size exceeds the remote server's maximum of " + peer.maximumSize(),
              Optional.of(552)));
    }
    if (Protocol.isUnsafe(envelope.reversePath())
        || envelope.recipients().remote().stream().anyMatch(Protocol::isUnsafe)) {
      return unsendable("invalid address in envelope");
    }
    return Optional.empty();
  }

  /** The MAIL command. */
  String mail(Claim claim) {
    Envelope envelope = claim.envelope();
    StringBuilder line = new StringBuilder(64);
    line.append("MAIL FROM:<").append(envelope.reversePath()).append('>');
    switch (envelope.body()) {
      case SEVEN_BIT, EIGHT_BIT -> {
        if (peer.offers(Extension.EIGHTBITMIME)) {
          line.append(" BODY=").append(envelope.body().parameter());
        }
      }
      case BINARY_MIME -> {
        if (takesBinary()) {
          line.append(" BODY=").append(envelope.body().parameter());
        }
      }
      case UNKNOWN -> {}
    }
    if (envelope.mailboxes() == MailboxNames.UTF8 && peer.offers(Extension.SMTPUTF8)) {
      line.append(" SMTPUTF8");
    }
    identity.ifPresent(us -> line.append(" AUTH=").append(author(envelope.routing(), us)));
    if (peer.offers(Extension.SIZE)) {
      line.append(" SIZE=").append(claim.size());
    }
    return line.toString();
  }

  /** Whether the content has to go as it is, with BDAT. */
  boolean isBinary(Claim claim) {
    return claim.envelope().body() == BodyType.BINARY_MIME && takesBinary();
  }

  boolean pipelines() {
    return features.contains(Feature.PIPELINING) && peer.offers(Extension.PIPELINING);
  }

  boolean chunks() {
    return features.contains(Feature.CHUNKING) && peer.offers(Extension.CHUNKING);
  }

  // RFC 4954 §5; an empty identity has no other form.
  private String author(Envelope.Routing routing, String us) {
    String said = author == Author.NOBODY ? NOBODY : routing.mailFromAuth();
    if (said.isEmpty()) {
      return us.isEmpty() ? NOBODY : Xtext.encode(us);
    }
    return said.equals("+") ? NOBODY : said;
  }

  private boolean takesBinary() {
    return peer.offers(Extension.BINARYMIME) && peer.offers(Extension.CHUNKING);
  }

  // Not strict: said once for each connection.
  private boolean objects(Feature strict, String what, String extension) {
    if (features.contains(strict)) {
      return true;
    }
    if (warned.add(strict)) {
      link.log()
          .warn(
              "sending "
                  + what
                  + " to a server that has not advertised the "
                  + extension
                  + " extension");
    }
    return false;
  }

  private static Optional<Verdict.Unsendable> unsendable(String reason) {
    return Optional.of(new Verdict.Unsendable(reason, Optional.empty()));
  }
}
