package io.stagepost.bus;

import io.stagepost.smtp.ReplyCode;
import io.stagepost.spool.MessageId;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * The messages on the event bus. They carry ids and facts, never content, and losing any of them
 * only delays work until the next look at the spool.
 */
public final class BusMessages {

  private BusMessages() {}

  /**
   * A message became ready.
   *
   * @param session the submitting session, empty when there was none
   */
  public record Stored(MessageId id, String session) {}

  /** A submitting client has disconnected, whether or not it left mail. */
  public record SessionClosed(String session) {}

  /**
   * Start a forwarding run, or another after the one under way.
   *
   * @param reason what the log says of it, for instance {@code admin}
   */
  public record RunRequest(String reason) {}

  /** Send what is ready now, in a run of its own. */
  public record FlushRequest() {}

  /**
   * How a run of its own ended.
   *
   * @param messages how many were found
   * @param aborted why it could not go on, or empty
   */
  public record FlushReply(long messages, String aborted) {}

  /**
   * Send this message on now, over the onward connection of this session.
   *
   * @param session the submitting session
   */
  public record ImmediateRequest(String session, MessageId id) {}

  /**
   * What became of an {@link ImmediateRequest}.
   *
   * @param code 250, or the code to refuse with
   * @param text the next hop's text or the relay's own
   */
  public record ImmediateReply(ReplyCode code, String text) {}

  /** Whether new SMTP sessions are served. */
  public enum SmtpControl {
    ENABLE,
    DISABLE
  }

  /**
   * Whether block lists are asked about clients.
   *
   * @param pause for how long they are not; zero to ask them again, {@link #FOR_EVER} for no end
   */
  public record DnsblControl(Duration pause) {

    /** A pause without an end. */
    public static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);
  }

  /**
   * Makes the event bus carry these messages, within the process as they are and between processes
   * as JSON. To be called once for each {@code Vertx}, before any verticle starts.
   */
  public static void registerCodecs(EventBus bus) {
    bus.registerDefaultCodec(
        Stored.class,
        new RecordCodec<>(
            Stored.class,
            m -> JsonObject.of("id", m.id().value(), "session", m.session()),
            j -> new Stored(new MessageId(j.getString("id")), j.getString("session"))));
    bus.registerDefaultCodec(
        SessionClosed.class,
        new RecordCodec<>(
            SessionClosed.class,
            m -> JsonObject.of("session", m.session()),
            j -> new SessionClosed(j.getString("session"))));
    bus.registerDefaultCodec(
        RunRequest.class,
        new RecordCodec<>(
            RunRequest.class,
            m -> JsonObject.of("reason", m.reason()),
            j -> new RunRequest(j.getString("reason"))));
    bus.registerDefaultCodec(
        FlushRequest.class,
        new RecordCodec<>(FlushRequest.class, m -> new JsonObject(), j -> new FlushRequest()));
    bus.registerDefaultCodec(
        FlushReply.class,
        new RecordCodec<>(
            FlushReply.class,
            m -> JsonObject.of("messages", m.messages(), "aborted", m.aborted()),
            j -> new FlushReply(j.getLong("messages"), j.getString("aborted"))));
    bus.registerDefaultCodec(
        DnsblControl.class,
        new RecordCodec<>(
            DnsblControl.class,
            m -> JsonObject.of("seconds", m.pause().toSeconds()),
            j -> new DnsblControl(Duration.ofSeconds(j.getLong("seconds")))));
    bus.registerDefaultCodec(
        ImmediateRequest.class,
        new RecordCodec<>(
            ImmediateRequest.class,
            m -> JsonObject.of("session", m.session(), "id", m.id().value()),
            j -> new ImmediateRequest(j.getString("session"), new MessageId(j.getString("id")))));
    bus.registerDefaultCodec(
        ImmediateReply.class,
        new RecordCodec<>(
            ImmediateReply.class,
            m -> JsonObject.of("code", m.code().value(), "text", m.text()),
            j -> new ImmediateReply(new ReplyCode(j.getInteger("code")), j.getString("text"))));
    bus.registerDefaultCodec(
        SmtpControl.class,
        new RecordCodec<>(
            SmtpControl.class,
            m -> JsonObject.of("intake", m.name()),
            j -> SmtpControl.valueOf(j.getString("intake"))));
  }
}
