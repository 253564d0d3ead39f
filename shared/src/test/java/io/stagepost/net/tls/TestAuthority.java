package io.stagepost.net.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of its own in a directory, run by the JDK's keytool. */
public final class TestAuthority {

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Base64.Encoder PEM =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final Path directory;
  private final String name;
  private final Path store;

  private TestAuthority(Path directory, String name) {
    this.directory = directory;
    this.name = name;
    this.store = directory.resolve(name + ".p12");
  }

  /** Makes one; it leaves its files in the directory. */
  public static TestAuthority create(Path directory, String name) {
    TestAuthority authority = new TestAuthority(directory, name);
    authority.keytool("authority", "-dname", "CN=" + name, "-ext", "bc:c", "-validity", "3650");
    return authority;
  }

  /** A PEM file with its certificate. */
  public Path certificate() {
    return write(name + ".pem", List.of(pem("CERTIFICATE", encoded("authority", 0))));
  }

  /** Issues a certificate that is valid now, with the first name as its subject. */
  public Identity issue(String... hosts) {
    return issue(List.of("-validity", "3650"), hosts);
  }

  /** Issues a certificate that was valid for a day long ago. */
  public Identity issueExpired(String... hosts) {
    return issue(List.of("-startdate", "2020/01/01 00:00:00", "-validity", "1"), hosts);
  }

  private Identity issue(List<String> validity, String... hosts) {
    String alias = hosts[0] + validity.size();
    List<String> options = new ArrayList<>(validity);
    List<String> names = new ArrayList<>();
    for (String host : hosts) {
      names.add((host.matches("[0-9.]+") ? "ip:" : "dns:") + host);
    }
    options.addAll(List.of("-dname", "CN=" + hosts[0], "-signer", "authority"));
    options.addAll(List.of("-ext", "san=" + String.join(",", names)));
    keytool(alias, options.toArray(String[]::new));
    return new Identity(this, alias);
  }

  /**
   * A certificate with its key.
   *
   * @param alias what the authority calls it
   */
  public record Identity(TestAuthority authority, String alias) {

    /** A PEM file with the key and then the chain. */
    public Path pem() {
      return authority.write(
          alias + "-key-and-chain.pem",
          List.of(
              pemOf("PRIVATE KEY", authority.key(alias)),
              pemOf("CERTIFICATE", authority.encoded(alias, 0)),
              pemOf("CERTIFICATE", authority.encoded(alias, 1))));
    }

    /** For a server that shows it. */
    public SSLContext server() {
      return authority.context(alias);
    }

    private static String pemOf(String kind, byte[] octets) {
      return TestAuthority.pem(kind, octets);
    }
  }

  private SSLContext context(String alias) {
    try {
      KeyStore one = KeyStore.getInstance("PKCS12");
      one.load(null, PASSWORD);
      KeyStore all = load();
      one.setKeyEntry("one", all.getKey(alias, PASSWORD), PASSWORD, all.getCertificateChain(alias));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(one, PASSWORD);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      KeyStore authorities = KeyStore.getInstance("PKCS12");
      authorities.load(null, PASSWORD);
      authorities.setCertificateEntry("authority", all.getCertificate("authority"));
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] key(String alias) {
    try {
      return load().getKey(alias, PASSWORD).getEncoded();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] encoded(String alias, int index) {
    try {
      Certificate[] chain = load().getCertificateChain(alias);
      return chain[index].getEncoded();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore load() throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private Path write(String file, List<String> blocks) {
    try {
      return Files.writeString(directory.resolve(file), String.join("", blocks));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String kind, byte[] octets) {
    String body = PEM.encodeToString(octets);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }

  private void keytool(String alias, String... options) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
    words.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-genkeypair", "-alias", alias));
    words.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
    words.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    words.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
