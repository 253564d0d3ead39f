package io.stagepost.forwarder;

import io.stagepost.smtp.Reply;
import java.util.List;
import java.util.Optional;

/** How an attempt to send a message ended. */
sealed interface Verdict {

  /**
   * The next hop took it.
   *
   * @param reply to the end of the content
   * @param refused the recipients that were left out
   */
  record Accepted(String peer, Reply reply, List<Refusal> refused) implements Verdict {}

  /** The next hop refused MAIL or the content. */
  record Refused(Reply reply) implements Verdict {}

  /**
   * Recipients were refused, and nothing was sent.
   *
   * @param phrase the fixed text
   * @param refused at least one
   */
  record RecipientsRefused(String phrase, List<Refusal> refused) implements Verdict {}

  /** The message can't go to this next hop, or to none. */
  record Unsendable(String reason, Optional<Integer> code) implements Verdict {}

  /**
   * The dialogue ended without a verdict.
   *
   * @param reply the unexpected one, if that was the reason
   */
  record Broken(LinkException cause, Optional<Reply> reply) implements Verdict {}

  /**
   * The connection was gone before the peer said anything: it had been waiting unused, or the peer
   * had announced its end. To be tried on another.
   */
  record Stale() implements Verdict {}

  /** The content could not be read from the spool. */
  record Unreadable(Throwable cause) implements Verdict {}

  /** Whether the peer announced the end of the connection (RFC 5321 §3.8). */
  default boolean isFarewell() {
    return switch (this) {
      case Refused v -> v.reply().code().value() == 421;
      case RecipientsRefused v -> v.refused().stream().anyMatch(Refusal::isFarewell);
      case Accepted v -> v.refused().stream().anyMatch(Refusal::isFarewell);
      case Broken v -> true;
      case Unsendable v -> false;
      case Stale v -> true;
      case Unreadable v -> true;
    };
  }

  /** Why the message was not sent to all its recipients, or empty when it was. */
  default String reason() {
    return switch (this) {
      case Accepted v -> v.refused().isEmpty() ? "" : "one or more recipients rejected";
      case Refused v -> v.reply().text(" ");
      case RecipientsRefused v -> v.phrase();
      case Unsendable v -> v.reason();
      case Broken v -> v.cause().reason();
      case Stale v -> "peer disconnected";
      case Unreadable v -> "cannot read content";
    };
  }

  /** A recipient that was refused. */
  record Refusal(String recipient, Reply reply) {

    boolean isFarewell() {
      return reply.code().value() == 421;
    }
  }
}
