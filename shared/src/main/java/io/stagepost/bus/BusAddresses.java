package io.stagepost.bus;

/**
 * The event-bus addresses of one relay, all of the form {@code stagepost.<relay>.<noun>.<verb>}.
 *
 * @param relay the relay's name, as one process may run several
 */
public record BusAddresses(String relay) {

  private static final String PREFIX = "stagepost.";

  /** Where {@link BusMessages.Stored} is published for each message that became ready. */
  public String messageStored() {
    return PREFIX + relay + ".message.stored";
  }

  /** Where {@link BusMessages.SessionClosed} is published when a submitting client has gone. */
  public String sessionClosed() {
    return PREFIX + relay + ".session.closed";
  }

  /** Where {@link BusMessages.RunRequest} asks for a forwarding run; answered when it is noted. */
  public String forwardRun() {
    return PREFIX + relay + ".forward.run";
  }

  /**
   * Where {@link BusMessages.FlushRequest} asks for a run of its own; answered by {@link
   * BusMessages.FlushReply} when that has ended.
   */
  public String forwardFlush() {
    return PREFIX + relay + ".forward.flush";
  }

  /**
   * Where {@link BusMessages.ImmediateRequest} asks for one message to be sent on now; answered by
   * {@link BusMessages.ImmediateReply} with the next hop's verdict.
   */
  public String forwardImmediate() {
    return PREFIX + relay + ".forward.immediate";
  }

  /** Where {@link BusMessages.SmtpControl} is published to switch intake on and off. */
  public String smtpControl() {
    return PREFIX + relay + ".smtp.control";
  }

  /** Where {@link BusMessages.DnsblControl} is published to switch block lists on and off. */
  public String dnsblControl() {
    return PREFIX + relay + ".dnsbl.control";
  }

  /** Where {@link DeliveryEvent}s are published as JSON. */
  public String deliveryEvents() {
    return PREFIX + relay + ".delivery.events";
  }

  /** Where a request with any body is answered with the relay's counts as JSON. */
  public String statisticsGet() {
    return PREFIX + relay + ".statistics.get";
  }
}
