package io.stagepost.net.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why TLS could not be set up, or why a handshake failed; the message says it in a few words. */
public final class TlsException extends IOException {

  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** Reasons that one may want to tell apart. */
  public enum Kind {
    /** Our own files or settings. */
    SETUP,
    /** The peer's certificate is for another name. */
    WRONG_NAME,
    /** The peer's certificate is from nobody we trust. */
    UNKNOWN_ISSUER,
    /** The peer's certificate is no longer valid, or not yet. */
    EXPIRED,
    /** We were to show a certificate and had none, or the peer had none to show. */
    CERTIFICATE_REQUIRED,
    /** The peer did not accept our certificate. */
    CERTIFICATE_REFUSED,
    /** There is no version or cipher that both speak. */
    NOTHING_IN_COMMON,
    /** What came was not TLS. */
    NOT_TLS,
    TIMEOUT,
    /** The peer has gone. */
    CLOSED,
    OTHER
  }

  TlsException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What sort of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** Makes one of what a handshake, or reading after it, failed with. */
  public static TlsException of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      TlsException known = known(t);
      if (known != null) {
        return known;
      }
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage());
      Kind kind = kindOf(text.toLowerCase(Locale.ROOT));
      if (kind != Kind.OTHER) {
        return new TlsException(kind, text, failure);
      }
    }
    return new TlsException(Kind.OTHER, text(failure), failure);
  }

  private static @Nullable TlsException known(Throwable t) {
    return switch (t) {
      case TlsException e -> e;
      case PeerRefusedException e -> new TlsException(e.kind(), text(e), e);
      case CertificateExpiredException e ->
          new TlsException(Kind.EXPIRED, "certificate has expired: " + text(e), e);
      case CertificateNotYetValidException e ->
          new TlsException(Kind.EXPIRED, "certificate is not yet valid: " + text(e), e);
      case CertPathValidatorException e when e.getReason() == BasicReason.EXPIRED ->
          new TlsException(Kind.EXPIRED, "certificate has expired", e);
      case NotSslRecordException e ->
          new TlsException(Kind.NOT_TLS, "not a TLS record where one was expected", e);
      case SslHandshakeTimeoutException e ->
          new TlsException(Kind.TIMEOUT, "handshake timed out", e);
      case ClosedChannelException e ->
          new TlsException(Kind.CLOSED, "connection closed during handshake", e);
      default -> null;
    };
  }

  /** By the texts of alerts, as the JDK and OpenSSL have no types for them. */
  private static Kind kindOf(String text) {
    if (text.contains("certificate_required")
        || text.contains("certificate required")
        || text.contains("empty client certificate chain")
        || text.contains("peer did not return a certificate")
        || text.contains("peer_did_not_return_a_certificate")) {
      return Kind.CERTIFICATE_REQUIRED;
    }
    if (text.contains("unable to find valid certification path")) {
      return Kind.UNKNOWN_ISSUER;
    }
    if (text.contains("bad_certificate")
        || text.contains("unknown_ca")
        || text.contains("certificate_unknown")
        || text.contains("certificate_expired")
        || text.contains("unsupported_certificate")) {
      return Kind.CERTIFICATE_REFUSED;
    }
    boolean nothing =
        text.contains("protocol_version")
            || text.contains("no cipher suites in common")
            || text.contains("no appropriate protocol")
            || text.contains("unsupported_protocol")
            || text.contains("not supported by the client")
            || text.contains("client requested protocol");
    return nothing ? Kind.NOTHING_IN_COMMON : Kind.OTHER;
  }

  private static String text(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
