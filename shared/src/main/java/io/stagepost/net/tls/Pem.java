package io.stagepost.net.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files with keys and certificates, and what is said when one can't be used. */
final class Pem {

  /** The largest file that is read; all the authorities of a system are a tenth of that. */
  private static final long LARGEST = 8L * 1024 * 1024;

  private Pem() {}

  static Buffer read(Path file) throws TlsException {
    try {
      if (Files.isDirectory(file)) {
        throw cannotLoad(file, "it is a directory", null);
      }
      if (Files.size(file) > LARGEST) {
        throw cannotLoad(file, "it is too big", null);
      }
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (TlsException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw cannotLoad(file, "there is no such file", e);
    } catch (AccessDeniedException e) {
      String user = System.getProperty("user.name");
      throw cannotLoad(file, "user \"" + user + "\" has no right to read it", e);
    } catch (IOException e) {
      throw cannotLoad(file, reason(e), e);
    }
  }

  static boolean hasKey(Buffer pem) {
    return text(pem).contains("PRIVATE KEY-----");
  }

  static boolean hasCertificate(Buffer pem) {
    return text(pem).contains("-----BEGIN CERTIFICATE-----");
  }

  static boolean isEncrypted(Buffer pem) {
    String text = text(pem);
    return text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
        || text.contains("Proc-Type: 4,ENCRYPTED");
  }

  static TlsException cannotLoad(Object file, String why, @Nullable Throwable cause) {
    return new TlsException(TlsException.Kind.SETUP, "cannot load " + file + ": " + why, cause);
  }

  static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private static String text(Buffer pem) {
    return pem.toString(ISO_8859_1);
  }
}
