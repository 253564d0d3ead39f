package io.stagepost.net.tls;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to believe about certificates: a file, a directory of files, or what the system has. */
public final class Authorities {

  /** The system's. */
  public static final String DEFAULT = "<default>";

  /** Nobody, as nothing is checked. */
  public static final String NONE = "<none>";

  /** Where systems keep them in one file. */
  private static final List<Path> SYSTEM =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private Authorities() {}

  /** Which files to watch for changes. */
  static List<Path> files(String configured) {
    return configured.startsWith("<") ? List.of() : List.of(Path.of(configured));
  }

  /** Loads them; blocks. */
  static X509ExtendedTrustManager load(Vertx vertx, String configured) throws TlsException {
    try {
      return configured.equals(DEFAULT) ? system(vertx) : of(vertx, Path.of(configured));
    } catch (TlsException e) {
      throw e;
    } catch (Exception e) {
      throw Pem.cannotLoad(configured, Pem.reason(e), e);
    }
  }

  private static X509ExtendedTrustManager of(Vertx vertx, Path path) throws Exception {
    List<Buffer> found = new ArrayList<>();
    if (!Files.isDirectory(path)) {
      found.add(Pem.read(path));
    } else {
      for (Path file : filesIn(path)) {
        found.add(Pem.read(file));
      }
    }
    PemTrustOptions pem = new PemTrustOptions();
    found.stream().filter(Pem::hasCertificate).forEach(pem::addCertValue);
    if (pem.getCertValues().isEmpty()) {
      throw Pem.cannotLoad(path, "there is no certificate in it", null);
    }
    return first(pem.getTrustManagerFactory(vertx));
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static X509ExtendedTrustManager system(Vertx vertx) throws Exception {
    Optional<Path> file =
        Stream.concat(
                Stream.ofNullable(System.getenv("SSL_CERT_FILE")).map(Path::of), SYSTEM.stream())
            .filter(Files::isReadable)
            .findFirst();
    if (file.isPresent()) {
      return of(vertx, file.get());
    }
    TrustManagerFactory java =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore jdks = null;
    java.init(jdks);
    return first(java);
  }

  private static X509ExtendedTrustManager first(@Nullable TrustManagerFactory factory)
      throws GeneralSecurityException {
    if (factory != null) {
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return found;
        }
      }
    }
    throw new GeneralSecurityException("no trust manager");
  }
}
