package io.stagepost.forwarder;

import io.stagepost.net.NextHop;

/**
 * Where a message goes.
 *
 * @param origin who says so
 */
record Route(Destination to, Origin origin) {

  NextHop hop() {
    return to.hop();
  }

  /** Who chose a next hop. */
  enum Origin {
    /** The relay's settings. */
    DEFAULT,
    /** The message's envelope. */
    MESSAGE
  }
}
