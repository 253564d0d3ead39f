package io.stagepost.smtpserver;

import io.stagepost.auth.Privacy;
import io.stagepost.auth.SaslStep;
import io.stagepost.auth.Trusted;
import io.stagepost.net.tls.TlsFacts;
import io.stagepost.smtp.Reply;
import io.stagepost.spool.Envelope;
import java.util.List;
import java.util.Optional;

/** What a session knows of its client and of its connection, and what follows from that. */
final class Security {

  private final SmtpSecurity rules;
  private final Client client;
  private Optional<TlsFacts> tls = Optional.empty();
  private Optional<String> user = Optional.empty();
  private Entry entry = Entry.CLEAR;
  private boolean wasAsked;

  /** How a connection begins. */
  enum Entry {
    CLEAR,
    /** With a handshake. */
    ENCRYPTED
  }

  Security(SmtpSecurity rules, Client client) {
    this.rules = rules;
    this.client = client;
  }

  SmtpSecurity rules() {
    return rules;
  }

  /** The connection begins with a handshake. */
  void enterEncrypted() {
    entry = Entry.ENCRYPTED;
  }

  /** Whether there is a command for a handshake here. */
  boolean knowsStartTls() {
    return rules.offersStartTls() && entry == Entry.CLEAR;
  }

  boolean isEncrypted() {
    return tls.isPresent();
  }

  Privacy privacy() {
    return isEncrypted() ? Privacy.ENCRYPTED : Privacy.CLEAR;
  }

  boolean isAuthenticated() {
    return user.isPresent();
  }

  /** Takes what a handshake came to; nothing from before counts any more (RFC 3207 §4.2). */
  void encrypted(TlsFacts facts) {
    tls = Optional.of(facts);
    user = Optional.empty();
  }

  void authenticated(SaslStep.Accepted accepted) {
    user = Optional.of(accepted.identity());
  }

  void forgetUser() {
    user = Optional.empty();
  }

  List<String> mechanisms() {
    return rules.mechanisms(privacy());
  }

  /** Whether STARTTLS would help a client that is refused something now. */
  boolean canStartTls() {
    return knowsStartTls() && !isEncrypted();
  }

  /** What keeps the client from sending mail, if anything does. */
  Optional<Reply> refusal() {
    if (rules.accounts().isPresent() && user.isEmpty() && trusted().isEmpty()) {
      return Optional.of(
          rules.requiresTls() && canStartTls()
              ? Replies.AUTHENTICATION_REQUIRED_STARTTLS
              : Replies.AUTHENTICATION_REQUIRED);
    }
    if (rules.requiresTls() && !isEncrypted()) {
      return Optional.of(
          canStartTls() ? Replies.ENCRYPTION_REQUIRED_STARTTLS : Replies.ENCRYPTION_REQUIRED);
    }
    return Optional.empty();
  }

  /** Whether the client may send with an address; those without a name may with any. */
  boolean maySendAs(String address) {
    return user.map(name -> rules.senders().mayUse(name, address)).orElse(true);
  }

  /** What the envelope says of it. */
  Envelope.Origin origin() {
    return new Envelope.Origin(
        user.or(() -> trusted().map(Trusted::keyword)).orElse(""),
        client.address(),
        tls.map(TlsFacts::peerPem).orElse(""),
        "");
  }

  /** How the Received line names what came in by EHLO (RFC 3848). */
  ReceivedLine.Transport transport() {
    return new ReceivedLine.Transport(
        (isEncrypted() ? "S" : "") + (isAuthenticated() ? "A" : ""),
        tls.map(facts -> " tls " + facts.cipher()).orElse(""));
  }

  private Optional<Trusted> trusted() {
    Optional<Trusted> trusted = rules.accounts().flatMap(a -> a.trusted(client.address()));
    if (!wasAsked && rules.accounts().isPresent() && client.log().isVerbose()) {
      wasAsked = true;
      client
          .log()
          .verbose(
              trusted
                  .map(Trusted::text)
                  .orElse(
                      "server authentication enabled but not a trusted address: "
                          + client.address()));
    }
    return trusted;
  }
}
