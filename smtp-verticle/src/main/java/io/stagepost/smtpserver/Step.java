package io.stagepost.smtpserver;

import io.stagepost.smtp.Reply;
import io.vertx.core.Future;
import java.util.Optional;

/** What a verb wants done. */
sealed interface Step {

  /** A step that needs no waiting. */
  sealed interface Answer extends Step {}

  /** Answer and go on. */
  record Send(Reply reply) implements Answer {}

  /** Answer, count a fault of the client, and go on unless it is the last that is suffered. */
  record Penalise(Reply reply) implements Answer {}

  /** Answer and close. */
  record HangUp(Reply reply, String reason) implements Answer {}

  /**
   * Encrypt the connection after the last words in the clear, if there are any. Whatever arrives
   * before that is done ends the session.
   */
  record Encrypt(Optional<Reply> lastWords) implements Step {}

  /** Read what comes next by the phase that was entered, without an answer. */
  record Proceed() implements Step {}

  /** Read nothing until the next step is known. */
  record Await(Future<Step> next) implements Step {}
}
