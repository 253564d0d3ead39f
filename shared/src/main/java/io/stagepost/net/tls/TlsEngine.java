package io.stagepost.net.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** What does the cryptography of connections. */
public enum TlsEngine {
  /** OpenSSL's where it can be loaded, otherwise the JDK's. */
  AUTO,
  JDK,
  /** BoringSSL by way of netty-tcnative, which has to be on the class path. */
  OPENSSL;

  SslProvider provider() throws TlsException {
    return switch (this) {
      case JDK -> SslProvider.JDK;
      case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
      case OPENSSL -> {
        if (!OpenSsl.isAvailable()) {
          throw new TlsException(
              TlsException.Kind.SETUP,
              "cannot load the TLS engine openssl: " + OpenSsl.unavailabilityCause().getMessage(),
              OpenSsl.unavailabilityCause());
        }
        yield SslProvider.OPENSSL;
      }
    };
  }
}
