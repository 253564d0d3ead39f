package io.stagepost.pop;

import io.stagepost.pop.Step.Await;
import io.stagepost.pop.Step.Send;
import io.stagepost.pop.Step.SendBody;
import io.stagepost.pop.Step.SendLines;
import io.stagepost.telemetry.LogText;
import io.vertx.core.Future;
import java.nio.file.NoSuchFileException;
import java.util.function.IntFunction;

/** The commands for a client that has its maildrop (RFC 1939 §5, §7). */
final class MailVerbs {

  private static final int MOST_DIGITS = 18;

  private final Profile profile;
  private final Client client;
  private final PopEvents events;

  MailVerbs(Profile profile, Client client, PopEvents events) {
    this.profile = profile;
    this.client = client;
    this.events = events;
  }

  Step stat(Mailbox mailbox) {
    return new Send("+OK " + mailbox.count() + " " + mailbox.octets());
  }

  Step list(Mailbox mailbox, String argument) {
    return lines(mailbox, argument, mailbox::sizeLine);
  }

  Step uidl(Mailbox mailbox, String argument) {
    return lines(mailbox, argument, mailbox::uniqueIdLine);
  }

  private static Step lines(Mailbox mailbox, String argument, IntFunction<String> line) {
    if (argument.isEmpty()) {
      int[] left = mailbox.left();
      String first = "+OK " + left.length + " message(s)";
      return new SendLines(new Lines(first, left.length, i -> line.apply(left[i])));
    }
    int index = mailbox.index(argument);
    return new Send(index < 0 ? Replies.INVALID_ID : "+OK " + line.apply(index));
  }

  Step retr(Mailbox mailbox, String argument) {
    int index = mailbox.index(argument);
    if (index < 0) {
      return new Send(Replies.ERR);
    }
    return new Await(
        mailbox
            .retrieval()
            .whole(index)
            .<Step>map(
                content -> {
                  events.retrieved(mailbox, index, client.address());
                  return new SendBody(content);
                })
            .otherwise(e -> unreadable(mailbox, index, e)));
  }

  Step top(Mailbox mailbox, String argument, String lines) {
    int index = mailbox.index(argument);
    boolean digits = !lines.isEmpty() && lines.chars().allMatch(c -> c >= '0' && c <= '9');
    if (index < 0 || !digits) {
      return new Send(Replies.ERR);
    }
    long count = lines.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(lines);
    return new Await(
        mailbox
            .retrieval()
            .top(index, count)
            .<Step>map(content -> new SendBody(content))
            .otherwise(e -> unreadable(mailbox, index, e)));
  }

  private Step unreadable(Mailbox mailbox, int index, Throwable e) {
    if (!(e instanceof NoSuchFileException)) {
      client
          .log()
          .withMessage(mailbox.maildrop().id(index))
          .warn("pop: can't read a message: " + LogText.escape(String.valueOf(e)));
    }
    return new Send(Replies.ERR);
  }

  Step dele(Mailbox mailbox, String argument) {
    int index = mailbox.index(argument);
    if (index < 0) {
      return new Send(Replies.ERR);
    }
    mailbox.delete(index);
    return new Send(Replies.OK);
  }

  Step rset(Mailbox mailbox) {
    mailbox.reset();
    return new Send(Replies.OK);
  }

  /** Removes what is to be removed, and lets others in before the client may come again. */
  Step quit(Mailbox mailbox) {
    Future<Void> updated =
        switch (profile.settings().deletion()) {
          case REMOVE -> mailbox.update();
          case KEEP -> Future.succeededFuture();
        };
    return new Await(
        updated
            .transform(done -> mailbox.close().transform(closed -> done(updated)))
            .map(line -> new Step.HangUp(line, Verbs.DONE)));
  }

  private Future<String> done(Future<Void> updated) {
    if (updated.succeeded()) {
      return Future.succeededFuture(Replies.SIGNING_OFF);
    }
    client.log().error("pop: can't remove: " + LogText.escape(String.valueOf(updated.cause())));
    return Future.succeededFuture(profile.refusal(Replies.NOT_REMOVED));
  }
}
