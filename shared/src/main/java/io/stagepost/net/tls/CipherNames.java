package io.stagepost.net.tls;

/** Names of cipher suites as OpenSSL has them, which logs and Received lines show. */
final class CipherNames {

  private static final String WITH = "_WITH_";

  private CipherNames() {}

  /** Turns an IANA name (RFC 8446 §B.4 and before) into OpenSSL's. */
  static String openSsl(String iana) {
    int with = iana.indexOf(WITH);
    if (!iana.startsWith("TLS_") || with < 0) {
      return iana; // those of TLS 1.3 are the same
    }
    String exchange = iana.substring(4, with).replace('_', '-');
    String cipher =
        iana.substring(with + WITH.length())
            .replace("CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305")
            .replace("3DES_EDE_CBC", "DES-CBC3")
            .replace("_CBC_", "_")
            .replace("AES_128", "AES128")
            .replace("AES_256", "AES256")
            .replace('_', '-');
    return exchange.equals("RSA") ? cipher : exchange + "-" + cipher;
  }
}
