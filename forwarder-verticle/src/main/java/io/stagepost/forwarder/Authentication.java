package io.stagepost.forwarder;

import io.stagepost.auth.ClientAccount;
import io.stagepost.auth.ClientSelection;
import io.stagepost.auth.SaslClient;
import io.stagepost.config.SecuritySettings.Passwords;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.smtp.Reply;
import io.stagepost.telemetry.LogText;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Says who we are with AUTH (RFC 4954): one mechanism after the other until one is accepted. Fails
 * with {@link LinkException}, and the link is broken then.
 */
final class Authentication {

  private static final Set<String> REVEALING = Set.of("PLAIN", "LOGIN", "XOAUTH2");

  // No mechanism needs more; a server that asks on and on wastes a connection.
  private static final int MOST_CHALLENGES = 10;

  /** What keeps others from reading what is sent. */
  enum Protection {
    NONE,
    /** Encrypted for somebody who may be anybody. */
    ENCRYPTED,
    VERIFIED
  }

  private final SmtpLink link;
  private final Passwords passwords;
  private final Protection protection;
  private int challenges;
  private boolean cancelled;

  Authentication(SmtpLink link, Passwords passwords, Protection protection) {
    this.link = link;
    this.passwords = passwords;
    this.protection = protection;
  }

  /**
   * Authenticates as far as that is wanted; completes with the account's name when it was.
   *
   * @param offered the mechanisms that the server offers
   */
  Future<Optional<String>> run(ClientSelection wanted, List<String> offered) {
    return switch (wanted) {
      case ClientSelection.NoAccounts n -> Future.succeededFuture(Optional.empty());
      case ClientSelection.Nobody n -> Future.succeededFuture(Optional.empty());
      case ClientSelection.Unknown u -> fail(u.text());
      case ClientSelection.Somebody s -> runAs(s.account(), offered);
    };
  }

  private Future<Optional<String>> runAs(ClientAccount account, List<String> offered) {
    if (offered.isEmpty()) {
      return fail("authentication is not supported by the remote smtp server");
    }
    List<SaslClient> possible = account.clients(offered);
    if (possible.isEmpty()) {
      return fail(account.noneText());
    }
    List<SaslClient> allowed = possible.stream().filter(this::isAllowed).toList();
    return allowed.isEmpty()
        ? fail("cannot do authentication: the password would go over " + danger())
        : attempt(allowed).map(client -> Optional.of(client.id()));
  }

  private boolean isAllowed(SaslClient client) {
    return !REVEALING.contains(client.mechanism())
        || switch (passwords) {
          case ANYWHERE -> true;
          case ENCRYPTED -> protection != Protection.NONE;
          case VERIFIED -> protection == Protection.VERIFIED;
        };
  }

  private String danger() {
    return protection == Protection.NONE
        ? "a connection that is not encrypted"
        : "a connection with a server that was not verified";
  }

  private Future<SaslClient> attempt(List<SaslClient> clients) {
    SaslClient client = clients.getFirst();
    challenges = 0;
    cancelled = false;
    return begin(client)
        .compose(reply -> answered(client, reply))
        .compose(reply -> decided(client, reply, clients.subList(1, clients.size())));
  }

  private Future<Reply> begin(SaslClient client) {
    String command = "AUTH " + client.mechanism();
    Optional<Buffer> initial = client.initial();
    if (initial.isEmpty()) {
      return link.request(command);
    }
    // RFC 4954 §4: nothing at all is written so.
    String text = initial.get().length() == 0 ? "=" : encoded(initial.get());
    return link.requestSilently(
        command + " " + text, LogText.quote(command + " [not logged]"), client.id());
  }

  private Future<Reply> answered(SaslClient client, Reply reply) {
    if (reply.code().value() != 334) {
      return Future.succeededFuture(reply);
    }
    Optional<Buffer> response =
        ++challenges > MOST_CHALLENGES
            ? Optional.empty()
            : decoded(reply.text("")).flatMap(client::respond);
    if (response.isEmpty()) {
      cancelled = true;
      return link.request("*");
    }
    return link.requestSilently(encoded(response.get()), "[response not logged]", client.id())
        .compose(next -> answered(client, next));
  }

  private Future<SaslClient> decided(SaslClient client, Reply reply, List<SaslClient> rest) {
    int code = reply.code().value();
    String how = "using mechanism [" + name(client) + "] and " + client.secret();
    if (code == 235 && !cancelled && client.isServerGenuine()) {
      String over = protection == Protection.NONE ? "" : "over tls ";
      link.speakFreely();
      link.log().info("successful authentication with remote server " + over + how);
      return Future.succeededFuture(client);
    }
    if (code == 235 && !cancelled) {
      return fail("authentication failed " + how + ": [the server does not know the secret]");
    }
    if (reply.code().value() < 400) {
      return fail("unexpected response: " + reply.text("\n"));
    }
    String failure = "authentication failed " + how + ": [" + reply.text("\n") + "]";
    if (rest.isEmpty()) {
      return fail(failure);
    }
    String trying = "smtp error: " + failure + ": trying [" + name(rest.getFirst()) + "]";
    link.log().warn(LogText.escape(trying));
    return attempt(rest);
  }

  private static String name(SaslClient client) {
    return client.mechanism().toLowerCase(Locale.ROOT);
  }

  private static String encoded(Buffer octets) {
    return Base64.getEncoder().encodeToString(octets.getBytes());
  }

  private static Optional<Buffer> decoded(String text) {
    try {
      return Optional.of(Buffer.buffer(Base64.getDecoder().decode(text.strip())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private <T> Future<T> fail(String reason) {
    LinkException cause = new LinkException(Kind.BROKEN, "smtp error: " + reason);
    link.fail(cause);
    return Future.failedFuture(cause);
  }
}
