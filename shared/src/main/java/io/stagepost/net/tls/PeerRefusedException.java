package io.stagepost.net.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A peer's certificate was not good enough. */
final class PeerRefusedException extends CertificateException {

  private static final long serialVersionUID = 1;

  private final TlsException.Kind kind;

  PeerRefusedException(TlsException.Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  TlsException.Kind kind() {
    return kind;
  }
}
