package io.stagepost.smtpserver;

import io.stagepost.config.SmtpSettings.Clients;
import io.stagepost.net.AddressText;
import io.stagepost.smtp.Reply;
import io.stagepost.smtp.Reply.StatusDisplay;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides who is let in, and makes their sessions. */
final class Reception {

  private final Supplier<Profile> profiles;
  private final SmtpIntake intake;
  private final ContentVerbs.Store store;
  private final RelayLog log;
  private Intake state = Intake.OPEN;

  /** Whether clients are served. */
  enum Intake {
    OPEN,
    /** By order of the operator. */
    DISABLED,
    STOPPING
  }

  Reception(Supplier<Profile> profiles, SmtpIntake intake, ContentVerbs.Store store, RelayLog log) {
    this.profiles = profiles;
    this.intake = intake;
    this.store = store;
    this.log = log;
  }

  void become(Intake next) {
    if (state != Intake.STOPPING) {
      state = next;
    }
  }

  /**
   * Makes a session, or closes the connection.
   *
   * @param security what the session keeps to
   */
  Optional<SmtpSession> receive(
      Connection connection, SocketAddress remote, SmtpSecurity security) {
    Profile profile = profiles.get();
    String address = AddressText.host(remote);
    String peer = AddressText.of(remote);
    RelayLog peerLog = log.withPeer(address, remote.isInetSocket() ? remote.port() : 0);
    if (profile.settings().clients() == Clients.LOCAL && !isLocal(profile, remote)) {
      peerLog.warn(
          "configured to reject non-local smtp connection: "
              + address
              + " is not in "
              + profile.settings().network().local());
      peerLog.warn("connection rejected from " + peer);
      connection.close();
      return Optional.empty();
    }
    Optional<Reply> refusal =
        state == Intake.STOPPING
            ? Optional.of(Replies.SHUTTING_DOWN)
            : isBanned(address, security)
                ? Optional.of(Replies.TOO_MANY_FAILURES)
                : intake.admit(address, profile.settings().limits());
    if (refusal.isPresent()) {
      peerLog.warn("connection rejected from " + peer + ": " + refusal.get().text(" "));
      connection.send(Buffer.buffer(Replies.encode(refusal.get(), StatusDisplay.HIDDEN)));
      connection.close();
      return Optional.empty();
    }
    peerLog.info("smtp connection from " + peer);
    Client client =
        new Client(address, peer, intake.newSession(), profile.bareLineEndsFor(address), peerLog);
    Verbs verbs =
        new Verbs(
            profile, new Security(security, client), client, () -> state == Intake.DISABLED, store);
    return Optional.of(new SmtpSession(connection, verbs, client, profile.settings().limits()));
  }

  private static boolean isLocal(Profile profile, SocketAddress remote) {
    return !remote.isInetSocket()
        || profile.settings().network().local().contains(AddressText.host(remote));
  }

  private static boolean isBanned(String address, SmtpSecurity security) {
    return security.accounts().filter(accounts -> accounts.isBanned(address)).isPresent();
  }

  /** To be called when the connection of a session is gone. */
  void gone(SmtpSession session) {
    intake.release(session.client().address());
    store.events().sessionClosed(session.client().session());
  }
}
