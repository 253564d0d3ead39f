package io.stagepost.smtpserver;

import io.stagepost.config.AnonymousScope;
import io.stagepost.config.SmtpSettings.Feature;
import io.stagepost.smtp.MailArguments;
import io.stagepost.smtp.RcptArguments;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.Reply.StatusDisplay;
import io.stagepost.smtp.SyntaxException;
import io.stagepost.smtpserver.IntakeEvents.Stage;
import io.stagepost.smtpserver.Phase.InTransaction;
import io.stagepost.smtpserver.Phase.Outside;
import io.stagepost.smtpserver.ReceivedLine.Greeted;
import io.stagepost.smtpserver.Security.Entry;
import io.stagepost.smtpserver.Step.HangUp;
import io.stagepost.smtpserver.Step.Penalise;
import io.stagepost.smtpserver.Step.Send;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What each command does in each phase (RFC 5321 §4.1), apart from sockets: a command goes in, a
 * {@link Step} comes out.
 */
final class Verbs {

  static final String DONE = "smtp protocol done";

  private static final int LONGEST_NAME = 512;

  private final Profile profile;
  private final Client client;
  private final BooleanSupplier disabled;
  private final ContentVerbs content;
  private final Security security;
  private final SecurityVerbs securityVerbs;

  private Phase phase = Outside.START;
  private Greeted greeted = Greeted.NOT_YET;
  private StatusDisplay statusDisplay = StatusDisplay.HIDDEN;

  /** The verbs of a new session. */
  Verbs(
      Profile profile,
      Security security,
      Client client,
      BooleanSupplier disabled,
      ContentVerbs.Store store) {
    this.profile = profile;
    this.client = client;
    this.disabled = disabled;
    this.content = new ContentVerbs(profile, client, store, this);
    this.security = security;
    this.securityVerbs = new SecurityVerbs(profile, client, security, this);
  }

  Phase phase() {
    return phase;
  }

  void enter(Phase next) {
    phase = next;
  }

  Greeted greeted() {
    return greeted;
  }

  /** Whether replies show enhanced status codes now. */
  StatusDisplay statusDisplay() {
    return statusDisplay;
  }

  /** Where content goes on. */
  ContentVerbs content() {
    return content;
  }

  /** Encryption and authentication as they are now. */
  Security security() {
    return security;
  }

  /** Where those go on. */
  SecurityVerbs securing() {
    return securityVerbs;
  }

  /** The first step of a session. */
  Step begin(Entry entry) {
    if (entry == Entry.CLEAR) {
      return greet();
    }
    security.enterEncrypted();
    return new Step.Encrypt(Optional.empty());
  }

  /** A handshake is over; what the client said in the clear is forgotten (RFC 3207 §4.2). */
  Step encrypted() {
    statusDisplay = StatusDisplay.HIDDEN;
    if (!security.knowsStartTls()) {
      phase = Outside.START;
      return greet();
    }
    // E-MailRelay needs no other EHLO here, and there are clients that send none.
    phase = Outside.READY;
    greeted = Greeted.FORGOTTEN;
    return new Step.Proceed();
  }

  private Step greet() {
    return disabled.getAsBoolean()
        ? new HangUp(Replies.NOT_AVAILABLE, DONE)
        : new Send(profile.greeting());
  }

  /** Carries out a command. */
  Step handle(Command command) {
    return switch (command) {
      case Command.Ehlo c -> ehlo(c.name());
      case Command.Helo c -> helo(c.name());
      case Command.Mail c -> mail(c.argument());
      case Command.Rcpt c -> rcpt(c.argument());
      case Command.Data c -> data();
      case Command.Bdat c -> bdat(c);
      case Command.Rset c -> rset();
      case Command.Noop c -> new Send(Replies.NOOP);
      case Command.Vrfy c -> vrfy(c.argument());
      case Command.Help c ->
          new Send(profile.has(Feature.HELP) ? profile.help() : Replies.NOT_IMPLEMENTED);
      case Command.Quit c -> quit();
      case Command.Auth c -> securityVerbs.auth(c.argument());
      case Command.StartTls c -> securityVerbs.startTls();
      case Command.NotImplemented c -> new Send(Replies.NOT_IMPLEMENTED);
      case Command.Unknown c -> new Penalise(Replies.UNRECOGNIZED);
      case Command.Malformed c -> new Penalise(Replies.INVALID_CHARACTER);
    };
  }

  /** Forgets the message under way, if any. */
  void resetTransaction() {
    content.abandon(phase);
    if (phase != Outside.START) {
      phase = Outside.READY;
    }
  }

  private Step ehlo(String name) {
    Step refusal = refuseName(name);
    if (refusal != null) {
      return refusal;
    }
    resetTransaction();
    phase = Outside.READY;
    security.forgetUser();
    greeted = Greeted.byEhlo(name);
    statusDisplay =
        profile.has(Feature.ENHANCEDSTATUSCODES) ? StatusDisplay.SHOWN : StatusDisplay.HIDDEN;
    return new Send(profile.ehlo(security));
  }

  private Step helo(String name) {
    Step refusal = refuseName(name);
    if (refusal != null) {
      return refusal;
    }
    resetTransaction();
    phase = Outside.READY;
    greeted = Greeted.byHelo(name);
    statusDisplay = StatusDisplay.HIDDEN; // RFC 2034 §4 needs EHLO
    return new Send(Replies.HELLO);
  }

  private static @Nullable Step refuseName(String name) {
    if (name.isEmpty()) {
      return new Send(Replies.PARAMETER_REQUIRED);
    }
    boolean bad = name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl);
    return bad ? new Send(Replies.INVALID_PARAMETER) : null;
  }

  private Step mail(String argument) {
    if (disabled.getAsBoolean()) {
      return new HangUp(Replies.NOT_AVAILABLE, DONE);
    }
    if (phase != Outside.READY) {
      return new Penalise(Replies.OUT_OF_SEQUENCE);
    }
    Optional<Reply> refusal = security.refusal();
    if (refusal.isPresent()) {
      return content.reject("", refusal.get(), Stage.MAIL);
    }
    MailArguments mail;
    try {
      mail = MailArguments.parse(argument, profile.pathRules());
    } catch (SyntaxException e) {
      return content.reject("", Replies.badSender(e), Stage.MAIL);
    }
    if (!security.maySendAs(mail.reversePath().stored())) {
      return content.reject("", Replies.SENDER_NOT_ALLOWED, Stage.MAIL);
    }
    long limit = profile.settings().limits().messageSize();
    if (limit > 0 && mail.size() > limit) {
      return content.reject("", Replies.TOO_BIG, Stage.MAIL);
    }
    if (mail.reversePath().isNull()) {
      client.log().warn("empty MAIL-FROM return path");
    }
    phase = new InTransaction(content.begin(mail));
    return new Send(Replies.senderOk(mail));
  }

  private Step rcpt(String argument) {
    if (!(phase instanceof InTransaction(Transaction transaction))) {
      return new Penalise(Replies.OUT_OF_SEQUENCE);
    }
    String id = transaction.id().value();
    int limit = profile.settings().limits().recipients();
    if (limit > 0 && transaction.recipients().size() >= limit) {
      return content.reject(id, Replies.TOO_MANY_RECIPIENTS, Stage.RCPT);
    }
    try {
      RcptArguments rcpt =
          RcptArguments.parse(argument, profile.pathRules(), transaction.mail().utf8());
      transaction.add(rcpt);
      return new Send(Replies.recipientOk(rcpt.forwardPath()));
    } catch (SyntaxException e) {
      return content.reject(id, Replies.badRecipient(e), Stage.RCPT);
    }
  }

  private Step data() {
    return phase instanceof InTransaction(Transaction transaction)
        ? content.data(transaction)
        : new Penalise(Replies.OUT_OF_SEQUENCE);
  }

  private Step bdat(Command.Bdat command) {
    return profile.has(Feature.CHUNKING)
        ? content.bdat(command)
        : new Penalise(Replies.UNRECOGNIZED);
  }

  private Step rset() {
    resetTransaction();
    return new Send(Replies.RESET);
  }

  private Step quit() {
    resetTransaction();
    return new HangUp(Replies.CLOSING, DONE);
  }

  private Step vrfy(String argument) {
    boolean allowed =
        phase == Outside.START || phase == Outside.READY || phase instanceof InTransaction;
    if (!allowed) {
      return new Penalise(Replies.OUT_OF_SEQUENCE);
    }
    if (profile.hides(AnonymousScope.VRFY)) {
      return new Send(Replies.CANNOT_VRFY);
    }
    Optional<Reply> refusal = security.refusal();
    if (refusal.isPresent()) {
      return new Send(refusal.get());
    }
    String address = argument.replaceFirst("(?i)[ \t]+SMTPUTF8$", "");
    if (address.isEmpty()
        || address.length() > LONGEST_NAME
        || address.chars().anyMatch(Verbs::isUnfitForReply)) {
      return new Send(Replies.INVALID_MAILBOX);
    }
    return new Send(Replies.willAccept(address));
  }

  private static boolean isUnfitForReply(int c) {
    return Character.isISOControl(c) || c == '\uFFFD';
  }
}
