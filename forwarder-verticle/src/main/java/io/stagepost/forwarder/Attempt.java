package io.stagepost.forwarder;

import io.stagepost.forwarder.Dialogue.Form;
import io.stagepost.net.NextHop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How an attempt to send a message went, for its trace.
 *
 * @param hop the next hop as configured; empty when nothing was attempted
 * @param peer the address and port that took the connection, or empty
 * @param tls protocol and cipher suite, or empty when nothing was encrypted
 * @param millis how long it took
 * @param dialogue the lines of the protocol and what else happened
 */
record Attempt(String hop, String peer, String tls, long millis, List<String> dialogue) {

  /** Nothing was attempted. */
  static final Attempt NONE = new Attempt("", "", "", 0, List.of());

  /** Copies the lines. */
  Attempt {
    dialogue = List.copyOf(dialogue);
  }

  /** The one under way on a connection. */
  static Attempt of(NextHop hop, SmtpLink link, Form form) {
    Dialogue said = link.dialogue();
    return new Attempt(hop.toString(), link.peer(), link.tls(), said.millis(), said.lines(form));
  }

  boolean isNone() {
    return hop.isEmpty();
  }

  /** The details of an event about it, to be added to. */
  Map<String, Object> details() {
    Map<String, Object> details = new HashMap<>();
    if (isNone()) {
      return details;
    }
    details.put("hop", hop);
    details.put("took", millis);
    details.put("dialogue", dialogue);
    if (!peer.isEmpty()) {
      details.put("peer", peer);
    }
    if (!tls.isEmpty()) {
      details.put("tls", tls);
    }
    return details;
  }
}
