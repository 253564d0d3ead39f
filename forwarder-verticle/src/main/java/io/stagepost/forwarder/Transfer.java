package io.stagepost.forwarder;

import io.stagepost.config.ForwardSettings.RecipientPolicy;
import io.stagepost.forwarder.LinkException.Kind;
import io.stagepost.forwarder.Loop.Next;
import io.stagepost.forwarder.Verdict.Refusal;
import io.stagepost.smtp.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message's dialogue: MAIL, RCPT, then the content by DATA or BDAT.
 *
 * <p>With PIPELINING (RFC 2920) MAIL and all RCPT go in one write. DATA, or small content as BDAT,
 * goes along only when that is safe: with one recipient, or when it is sent to those accepted, the
 * server delivers nothing that the policy forbids, as it refuses DATA and BDAT (or gets an empty
 * message for nobody) when no recipient stands.
 */
final class Transfer {

  private final SmtpLink link;
  private final MessageRules rules;
  private final RecipientPolicy policy;
  private final Parcel parcel;
  private final ContentSender content;
  private final List<Refusal> refused = new ArrayList<>();
  private int accepted;
  private boolean answered;
  private @Nullable Reply mailRefusal;
  private @Nullable Reply farewell;

  Transfer(SmtpLink link, MessageRules rules, RecipientPolicy policy, Parcel parcel) {
    this.link = link;
    this.rules = rules;
    this.policy = policy;
    this.parcel = parcel;
    this.content = new ContentSender(link, parcel);
  }

  /** The verdict; never fails. */
  Future<Verdict> run() {
    Future<Verdict> verdict = rules.pipelines() ? inBursts() : inLockStep();
    return verdict.recover(e -> Future.succeededFuture(withoutVerdict(e)));
  }

  /** Whether the peer said anything about this message. */
  boolean isAnswered() {
    return answered;
  }

  private Future<Verdict> inLockStep() {
    return request(rules.mail(parcel.claim()))
        .compose(
            reply -> {
              if (!reply.code().isPositive()) {
                return Future.succeededFuture(new Verdict.Refused(reply));
              }
              Iterator<String> all = recipients().iterator();
              return Loop.repeat(() -> nextRecipient(all)).compose(v -> afterRecipients(null));
            });
  }

  private Future<Next> nextRecipient(Iterator<String> rest) {
    if (!rest.hasNext()) {
      return Future.succeededFuture(Next.DONE);
    }
    String address = rest.next();
    return request(rcpt(address)).onSuccess(reply -> note(address, reply)).map(Next.AGAIN);
  }

  private Future<Verdict> inBursts() {
    Buffer burst = Buffer.buffer(256);
    List<Future<Reply>> replies = new ArrayList<>();
    replies.add(command(rules.mail(parcel.claim()), burst).onSuccess(this::noteMail));
    for (String address : recipients()) {
      replies.add(command(rcpt(address), burst).onSuccess(reply -> note(address, reply)));
    }
    Future<Reply> early = null;
    if (policy == RecipientPolicy.SOME || recipients().size() == 1) {
      early = rules.chunks() && content.fitsOneChunk() ? content.chunk(burst) : data(burst);
    }
    link.write(burst);
    Future<Reply> last = replies.get(replies.size() - 1);
    Future<Reply> next = early;
    return last.compose(v -> afterRecipients(next));
  }

  private @Nullable Future<Reply> data(Buffer burst) {
    return rules.isBinary(parcel.claim()) ? null : command("DATA", burst);
  }

  /**
   * Goes on when all replies to RCPT are there.
   *
   * @param early the reply to what was sent along with them, or null
   */
  private Future<Verdict> afterRecipients(@Nullable Future<Reply> early) {
    boolean proceed =
        mailRefusal == null
            && accepted > 0
            && (refused.isEmpty() || policy == RecipientPolicy.SOME);
    if (!proceed) {
      Future<Void> settled = early == null ? Future.succeededFuture() : early.compose(this::settle);
      return settled.compose(v -> giveUp(early != null));
    }
    if (early != null && content.isSent()) {
      return early.map(this::verdictOn);
    }
    if (rules.isBinary(parcel.claim())) {
      return content.sendChunks().map(this::verdictOn);
    }
    return (early == null ? request("DATA") : early).compose(this::sendContent);
  }

  private Future<Verdict> sendContent(Reply reply) {
    if (reply.code().value() != 354) {
      LinkException reason = new LinkException(Kind.BROKEN, Protocol.unexpected(reply));
      link.fail(reason);
      return Future.succeededFuture(new Verdict.Broken(reason, Optional.of(reply)));
    }
    return content.sendData().map(this::verdictOn);
  }

  private Verdict verdictOn(Reply reply) {
    return reply.code().isPositive()
        ? new Verdict.Accepted(link.peer(), reply, List.copyOf(refused))
        : new Verdict.Refused(reply);
  }

  // RFC 2920 §3.1: a server may answer 354 although it took no recipient; a lone dot ends that.
  private Future<Void> settle(Reply reply) {
    if (reply.code().value() != 354) {
      return Future.succeededFuture();
    }
    Future<Reply> answer = link.expect();
    link.write(Buffer.buffer(".\r\n"));
    return answer.mapEmpty();
  }

  private Future<Verdict> giveUp(boolean reset) {
    Reply mail = mailRefusal;
    if (mail != null) {
      Verdict verdict = new Verdict.Refused(mail);
      return reset
          ? request("RSET").transform(r -> Future.succeededFuture(verdict))
          : Future.succeededFuture(verdict);
    }
    String phrase =
        policy == RecipientPolicy.SOME
            ? "all recipients rejected"
            : "one or more recipients rejected";
    Verdict verdict = new Verdict.RecipientsRefused(phrase, List.copyOf(refused));
    return request("RSET").transform(r -> Future.succeededFuture(verdict));
  }

  private Verdict withoutVerdict(Throwable e) {
    Reply last = farewell;
    if (last != null) {
      return new Verdict.Refused(last);
    }
    if (e instanceof LinkException broken) {
      return new Verdict.Broken(broken, Optional.empty());
    }
    link.fail(new LinkException(Kind.ABANDONED, "cannot read content"));
    return new Verdict.Unreadable(e);
  }

  private void noteMail(Reply reply) {
    noteFarewell(reply);
    if (!reply.code().isPositive()) {
      mailRefusal = reply;
    }
  }

  private void note(String address, Reply reply) {
    noteFarewell(reply);
    if (reply.code().isPositive()) {
      accepted++;
    } else {
      refused.add(new Refusal(address, reply));
    }
  }

  // What follows a 421 is the end of the connection, which says nothing of its own.
  private void noteFarewell(Reply reply) {
    if (reply.code().value() == 421 && farewell == null) {
      farewell = reply;
    }
  }

  private List<String> recipients() {
    return parcel.claim().envelope().recipients().remote();
  }

  private static String rcpt(String address) {
    return "RCPT TO:<" + address + '>';
  }

  private Future<Reply> request(String line) {
    Buffer out = Buffer.buffer(64);
    Future<Reply> reply = command(line, out);
    link.write(out);
    return reply;
  }

  private Future<Reply> command(String line, Buffer out) {
    Protocol.command(line, out, link);
    return link.expect().onSuccess(reply -> answered = true);
  }
}
