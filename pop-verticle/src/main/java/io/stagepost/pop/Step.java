package io.stagepost.pop;

import io.vertx.core.Future;

/** What a verb wants done. */
sealed interface Step {

  /** Answer with a line and go on. */
  record Send(String line) implements Step {}

  /** Answer with all of a body, and go on. */
  record SendBody(Body body) implements Step {}

  /** Answer with several lines, each of them given, and go on. */
  record SendLines(Lines lines) implements Step {}

  /** Answer and close. */
  record HangUp(String line, String reason) implements Step {}

  /** Answer in the clear, then encrypt. */
  record Upgrade(String line) implements Step {}

  /** Read nothing until the next step is known. */
  record Await(Future<Step> next) implements Step {}
}
