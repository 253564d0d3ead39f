package io.stagepost.net.tls;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What a handshake came to.
 *
 * @param protocol for instance {@code TLSv1.3}
 * @param cipher as OpenSSL names it, for instance {@code ECDHE-RSA-AES256-GCM-SHA384}
 * @param peer the certificate that the peer showed, verified or not as configured
 */
public record TlsFacts(String protocol, String cipher, Optional<X509Certificate> peer) {

  private static final int PEM_WIDTH = 64;

  static TlsFacts of(SSLSession session) {
    return new TlsFacts(
        session.getProtocol(), CipherNames.openSsl(session.getCipherSuite()), peer(session));
  }

  /** The text for the log; the peer as the log shows it. */
  public String established(String peerAddress) {
    return "tls protocol established with "
        + peerAddress
        + " protocol "
        + protocol
        + " cipher "
        + cipher;
  }

  /** Whom the peer's certificate is about, as in {@code /C=DE/CN=mail.example.net}; or empty. */
  public String peerSubject() {
    return peer.map(PeerNames::subject).orElse("");
  }

  /** The peer's certificate in PEM with LF line ends, or empty. */
  public String peerPem() {
    return peer.map(TlsFacts::pem).orElse("");
  }

  private static Optional<X509Certificate> peer(SSLSession session) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static String pem(X509Certificate certificate) {
    try {
      String body =
          Base64.getMimeEncoder(PEM_WIDTH, new byte[] {'\n'})
              .encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      return "";
    }
  }
}
