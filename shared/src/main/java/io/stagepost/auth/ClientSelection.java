package io.stagepost.auth;

/** Who we are to a next hop. */
public sealed interface ClientSelection {

  /** Nobody: no accounts are configured, and none was asked for. */
  record NoAccounts() implements ClientSelection {}

  /** Nobody, as the accounts demand for this selector. */
  record Nobody() implements ClientSelection {}

  /** The account that was asked for does not exist; nothing may be sent. */
  record Unknown(String selector) implements ClientSelection {

    /** For the log and the message's reason. */
    public String text() {
      return "no client authentication account: selector [" + selector + "]";
    }
  }

  /** Somebody. */
  record Somebody(ClientAccount account) implements ClientSelection {}
}
