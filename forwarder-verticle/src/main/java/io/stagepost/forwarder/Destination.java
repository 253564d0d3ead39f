package io.stagepost.forwarder;

import io.stagepost.net.NextHop;

/**
 * A next hop and who we are to it.
 *
 * @param selector of the account; empty for the usual one
 */
record Destination(NextHop hop, String selector) {

  /** What a change to it is called in the log. */
  String told(Route.Origin origin) {
    String address = origin == Route.Origin.MESSAGE ? "[" + hop + "]" : "";
    String account = selector.isEmpty() ? "" : "account selector [" + selector + "]";
    return address + (address.isEmpty() || account.isEmpty() ? "" : " and ") + account;
  }
}
