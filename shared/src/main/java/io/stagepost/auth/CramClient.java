package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.Optional;

/** CRAM-MD5 (RFC 2195), and the same with other hashes. */
final class CramClient implements SaslClient {

  private final HmacHash hash;
  private final SecretRecord record;
  private boolean isDone;

  CramClient(HmacHash hash, SecretRecord record) {
    this.hash = hash;
    this.record = record;
  }

  @Override
  public String mechanism() {
    return hash.mechanism();
  }

  @Override
  public String id() {
    return record.id();
  }

  @Override
  public Optional<Buffer> initial() {
    return Optional.empty();
  }

  @Override
  public Optional<Buffer> respond(Buffer challenge) {
    if (isDone || challenge.length() == 0) {
      return Optional.empty();
    }
    isDone = true;
    HmacKey key =
        record.type() == SecretType.PLAIN
            ? HmacKey.of(hash, record.secret().getBytes())
            : HmacKey.parse(hash, record.secret().toString()).orElseThrow();
    String digest = HexFormat.of().formatHex(key.mac(challenge.getBytes()));
    return Optional.of(Buffer.buffer(record.id() + " " + digest));
  }

  @Override
  public String secret() {
    return record.told();
  }
}
