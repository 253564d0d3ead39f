package io.stagepost.net.tls;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Looks at a peer's certificate and says which of its faults it is refused for. */
final class PeerTrust extends X509ExtendedTrustManager {

  private static final X509Certificate[] NOBODY = {};

  private final Supplier<Optional<X509ExtendedTrustManager>> authorities;
  private final NameRule name;

  /** What is asked of the names in a server's certificate. */
  interface NameRule {

    /** Any name will do. */
    NameRule ANY = certificate -> {};

    /** Throws when the names won't do. */
    void check(X509Certificate certificate) throws CertificateException;
  }

  /**
   * A trust manager.
   *
   * @param authorities asked at each handshake; when there are none, everybody is trusted
   */
  PeerTrust(Supplier<Optional<X509ExtendedTrustManager>> authorities, NameRule name) {
    this.authorities = authorities;
    this.name = name;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    Optional<X509ExtendedTrustManager> trusted = authorities.get();
    if (trusted.isPresent()) {
      try {
        trusted.get().checkServerTrusted(chain, type);
      } catch (CertificateException e) {
        throw refusal(e);
      }
    }
    name.check(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    Optional<X509ExtendedTrustManager> trusted = authorities.get();
    if (trusted.isPresent()) {
      try {
        trusted.get().checkClientTrusted(chain, type);
      } catch (CertificateException e) {
        throw refusal(e);
      }
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.get().map(X509ExtendedTrustManager::getAcceptedIssuers).orElse(NOBODY);
  }

  private static PeerRefusedException refusal(CertificateException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      switch (t) {
        case CertificateExpiredException x -> {
          return refused(TlsException.Kind.EXPIRED, "certificate has expired", e);
        }
        case CertificateNotYetValidException x -> {
          return refused(TlsException.Kind.EXPIRED, "certificate is not yet valid", e);
        }
        case CertPathValidatorException x when x.getReason() == BasicReason.EXPIRED -> {
          return refused(TlsException.Kind.EXPIRED, "certificate has expired", e);
        }
        default -> {}
      }
    }
    String text = Pem.reason(e);
    return text.contains("unable to find valid certification path")
            || text.contains("Path does not chain")
        ? refused(TlsException.Kind.UNKNOWN_ISSUER, "certificate is from an unknown issuer", e)
        : refused(TlsException.Kind.CERTIFICATE_REFUSED, "certificate refused: " + text, e);
  }

  private static PeerRefusedException refused(
      TlsException.Kind kind, String text, CertificateException e) {
    return new PeerRefusedException(kind, text, e);
  }
}
