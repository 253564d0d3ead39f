package io.stagepost.pop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.auth.Privacy;
import io.stagepost.config.PopSettings.Feature;
import io.stagepost.pop.Phase.Exchanging;
import io.stagepost.pop.Phase.Transaction;
import io.stagepost.pop.Phase.Unknown;
import io.stagepost.pop.Step.HangUp;
import io.stagepost.pop.Step.Send;
import io.stagepost.pop.Step.SendLines;
import java.util.List;
import java.util.Locale;

/**
 * What each command does in each phase (RFC 1939), apart from sockets: a command goes in, a {@link
 * Step} comes out.
 */
final class Verbs {

  static final String DONE = "pop protocol done";

  private final Profile profile;
  private final LoginVerbs login;
  private final MailVerbs mail;
  private final PopEvents events;
  private Phase phase = new Unknown();
  private Privacy privacy;

  /** The verbs of a new session. */
  Verbs(Profile profile, Client client, LoginVerbs.Desk desk, PopEvents events, Privacy privacy) {
    this.profile = profile;
    this.privacy = privacy;
    this.login = new LoginVerbs(profile, client, desk, this);
    this.mail = new MailVerbs(profile, client, events);
    this.events = events;
  }

  Phase phase() {
    return phase;
  }

  void enter(Phase next) {
    phase = next;
  }

  Privacy privacy() {
    return privacy;
  }

  /** The first step of a session. */
  Step greet() {
    return login.greet();
  }

  /** The connection is encrypted now: what came before is forgotten (RFC 2595 §4). */
  void encrypted() {
    privacy = Privacy.ENCRYPTED;
    phase = new Unknown();
  }

  /** The client has gone: nothing is removed. */
  void abandon() {
    events.tell();
    if (phase instanceof Transaction transaction) {
      phase = new Unknown();
      transaction.mailbox().close();
    }
  }

  /** Carries out a line without its CRLF. */
  Step handle(byte[] line) {
    return switch (phase) {
      case Exchanging exchanging -> login.response(exchanging, new String(line, UTF_8));
      case Transaction t -> inTransaction(CommandParser.parse(line), t.mailbox());
      case Unknown u -> inAuthorization(CommandParser.parse(line));
      case Phase.Named n -> inAuthorization(CommandParser.parse(line));
      case Phase.Upgrading u -> throw new IllegalStateException("a command while upgrading");
    };
  }

  private Step inAuthorization(Command command) {
    return switch (command) {
      case Command.User c -> login.user(c.name());
      case Command.Pass c -> login.pass(c.password());
      case Command.Apop c -> login.apop(c.name(), c.digest());
      case Command.Auth c -> login.auth(c.mechanism(), c.initial());
      case Command.Stls c -> login.stls();
      case Command.Utf8 c when profile.has(Feature.UTF8) -> new Send(Replies.OK);
      case Command.Quit c -> new HangUp(Replies.SIGNING_OFF, DONE);
      default -> anywhere(command);
    };
  }

  private Step inTransaction(Command command, Mailbox mailbox) {
    return switch (command) {
      case Command.Stat c -> mail.stat(mailbox);
      case Command.List c -> mail.list(mailbox, c.argument());
      case Command.Uidl c -> mail.uidl(mailbox, c.argument());
      case Command.Retr c -> mail.retr(mailbox, c.argument());
      case Command.Top c -> mail.top(mailbox, c.argument(), c.lines());
      case Command.Dele c -> mail.dele(mailbox, c.argument());
      case Command.Noop c -> new Send(Replies.OK);
      case Command.Rset c -> mail.rset(mailbox);
      case Command.Quit c -> {
        phase = new Unknown();
        yield mail.quit(mailbox);
      }
      default -> anywhere(command);
    };
  }

  private Step anywhere(Command command) {
    return switch (command) {
      case Command.Capa c ->
          new SendLines(Lines.of(Replies.CAPABILITIES, profile.capabilities(privacy)));
      case Command.Lang c when profile.has(Feature.LANG) -> lang(c.tag());
      default -> new Send(Replies.ERR);
    };
  }

  private static Step lang(String tag) {
    return switch (tag.toLowerCase(Locale.ROOT)) {
      case "" -> new SendLines(Lines.of(Replies.LANGUAGES, List.of("en English")));
      case "en", "*", "i-default" -> new Send(Replies.LANGUAGE);
      default -> new Send(Replies.NO_LANGUAGE);
    };
  }
}
