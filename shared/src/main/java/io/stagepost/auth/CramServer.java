package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Decision;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;

/** CRAM-MD5 (RFC 2195), and the same with other hashes. */
final class CramServer implements SaslServer {

  private final HmacHash hash;
  private final String challenge;
  private final Check check;

  CramServer(HmacHash hash, String challenge, Check check) {
    this.hash = hash;
    this.challenge = challenge;
    this.check = check;
  }

  /** Decides about what has been said. */
  interface Check {

    Future<Decision> digest(String user, byte[] challenge, byte[] digest);

    Future<Decision> nonsense();
  }

  @Override
  public String mechanism() {
    return hash.mechanism();
  }

  @Override
  public boolean isServerFirst() {
    return true;
  }

  @Override
  public Buffer start() {
    return Buffer.buffer(challenge);
  }

  // The name may have blanks, the digest has none.
  @Override
  public Future<SaslStep> next(Buffer response) {
    byte[] octets = response.getBytes();
    int blank = octets.length - 2 * hash.size() - 1;
    if (blank < 1 || octets[blank] != ' ') {
      return check.nonsense().map(decision -> decision);
    }
    String user = Octets.text(response.getBytes(0, blank));
    byte[] digest;
    try {
      digest = HexFormat.of().parseHex(Octets.text(response.getBytes(blank + 1, octets.length)));
    } catch (IllegalArgumentException e) {
      return check.nonsense().map(decision -> decision);
    }
    return check.digest(user, Buffer.buffer(challenge).getBytes(), digest).map(decided -> decided);
  }
}
