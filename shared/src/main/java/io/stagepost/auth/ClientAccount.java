package io.stagepost.auth;

import java.util.List;

/** An account of ours with a next hop: its secrets of several kinds. */
public interface ClientAccount {

  /** The account's name; that of a {@link SaslClient} may be another. */
  String id();

  /** The selector it was found by; empty for the usual account. */
  String selector();

  /**
   * What can be tried, best first.
   *
   * @param offered the names that the next hop offers, in any case
   * @return new exchanges; empty when nothing is common
   */
  List<SaslClient> clients(List<String> offered);

  /** Why nothing can be tried when {@link #clients} has none. */
  default String noneText() {
    return "cannot do authentication: check for a compatible client secret"
        + (selector().isEmpty() ? "" : " with selector [" + selector() + "]");
  }
}
