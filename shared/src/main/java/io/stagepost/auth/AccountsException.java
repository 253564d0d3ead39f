package io.stagepost.auth;

import java.util.List;

/** Accounts can't be used; the problems are lines for the log. */
public final class AccountsException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /** All that is wrong. */
  public AccountsException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** A line for each problem, the heading first. */
  public List<String> problems() {
    return problems;
  }
}
