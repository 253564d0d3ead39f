package io.stagepost.net;

/** Why a proxy made no connection; the message begins with {@code socks error:}. */
public final class SocksException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SocksException(String reason) {
    super("socks error: " + reason, null, false, false);
  }
}
