package io.stagepost.net.tls;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Our key and certificate chain, as files have them. Everything here blocks.
 *
 * @param keys what a handshake uses
 * @param certificate the first of the chain
 */
record Identity(X509ExtendedKeyManager keys, X509Certificate certificate) {

  private static final Duration SOON = Duration.ofDays(14);
  private static final byte[] SAMPLE = {1, 2, 3};

  /**
   * Reads PEM files: one with key (PKCS #1, PKCS #8 or SEC 1) and chain, or one with the key and
   * one with the chain.
   */
  static Identity load(Vertx vertx, List<Path> files) throws TlsException {
    Path keyFile = files.getFirst();
    Path chainFile = files.getLast();
    Buffer key = Pem.read(keyFile);
    if (Pem.isEncrypted(key)) {
      throw Pem.cannotLoad(keyFile, "the key needs a passphrase", null);
    }
    if (!Pem.hasKey(key)) {
      throw Pem.cannotLoad(keyFile, "there is no private key in it", null);
    }
    Buffer chain = chainFile.equals(keyFile) ? key : Pem.read(chainFile);
    if (!Pem.hasCertificate(chain)) {
      throw Pem.cannotLoad(chainFile, "there is no certificate in it", null);
    }
    try {
      PemKeyCertOptions pem = new PemKeyCertOptions().addKeyValue(key).addCertValue(chain);
      for (KeyManager manager : pem.getKeyManagerFactory(vertx).getKeyManagers()) {
        if (manager instanceof X509ExtendedKeyManager keys) {
          return of(keys, keyFile);
        }
      }
      throw Pem.cannotLoad(keyFile, "there is no usable key in it", null);
    } catch (TlsException e) {
      throw e;
    } catch (Exception e) {
      String files2 =
          chainFile.equals(keyFile) ? keyFile.toString() : keyFile + " and " + chainFile;
      throw Pem.cannotLoad(files2, Pem.reason(e), e);
    }
  }

  /** What an administrator should know about it now. */
  List<String> warnings(List<Path> files) {
    List<String> warnings = new ArrayList<>();
    Instant end = certificate.getNotAfter().toInstant();
    Instant now = Instant.now();
    String subject = PeerNames.subject(certificate);
    if (end.isBefore(now)) {
      warnings.add("tls: the certificate of " + subject + " has expired: " + files.getLast());
    } else if (end.isBefore(now.plus(SOON))) {
      long days = Duration.between(now, end).toDays();
      warnings.add(
          "tls: the certificate of " + subject + " expires in " + days + "d: " + files.getLast());
    }
    if (isReadableByAll(files.getFirst())) {
      warnings.add("tls: everybody on this host can read the key in " + files.getFirst());
    }
    return warnings;
  }

  private static Identity of(X509ExtendedKeyManager keys, Path keyFile)
      throws TlsException, GeneralSecurityException {
    for (String type : List.of("RSA", "EC")) {
      String[] aliases = keys.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        X509Certificate certificate = keys.getCertificateChain(aliases[0])[0];
        if (!belongTogether(keys.getPrivateKey(aliases[0]), certificate)) {
          throw Pem.cannotLoad(keyFile, "the key does not belong to the certificate", null);
        }
        return new Identity(keys, certificate);
      }
    }
    throw Pem.cannotLoad(keyFile, "neither an RSA nor an elliptic curve key", null);
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    Optional<String> algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> Optional.of("SHA256withRSA");
          case "EC" -> Optional.of("SHA256withECDSA");
          default -> Optional.empty();
        };
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return false;
    }
    if (algorithm.isEmpty()) {
      return true;
    }
    Signature signature = Signature.getInstance(algorithm.get());
    signature.initSign(key);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(SAMPLE);
    return signature.verify(signed);
  }

  private static boolean isReadableByAll(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
