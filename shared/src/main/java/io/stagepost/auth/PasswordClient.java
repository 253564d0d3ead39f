package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A client's side that says one thing after the other, whatever it is asked: PLAIN (RFC 4616),
 * LOGIN, XOAUTH2.
 */
final class PasswordClient implements SaslClient {

  /** Octets beyond which a line might be too long for a server (RFC 5321 §4.5.3.1.4). */
  private static final int MOST_INITIAL = 450;

  private final String mechanism;
  private final SecretRecord record;
  private final Deque<Buffer> left;

  private PasswordClient(String mechanism, SecretRecord record, List<Buffer> words) {
    this.mechanism = mechanism;
    this.record = record;
    this.left = new ArrayDeque<>(words);
  }

  static SaslClient plain(SecretRecord record) {
    Buffer message =
        Buffer.buffer()
            .appendByte((byte) 0)
            .appendString(record.id())
            .appendByte((byte) 0)
            .appendBuffer(record.secret());
    return new PasswordClient(Mechanisms.PLAIN, record, List.of(message));
  }

  static SaslClient login(SecretRecord record) {
    return new PasswordClient(
        Mechanisms.LOGIN, record, List.of(Buffer.buffer(record.id()), record.secret()));
  }

  static SaslClient oauth(SecretRecord record) {
    // The empty word answers the error that a server tells by a challenge.
    return new PasswordClient(
        Mechanisms.XOAUTH2, record, List.of(record.secret(), Buffer.buffer()));
  }

  @Override
  public String mechanism() {
    return mechanism;
  }

  @Override
  public String id() {
    return record.id();
  }

  @Override
  public Optional<Buffer> initial() {
    Buffer first = left.element();
    return first.length() > MOST_INITIAL ? Optional.empty() : Optional.of(left.remove());
  }

  @Override
  public Optional<Buffer> respond(Buffer challenge) {
    return Optional.ofNullable(left.poll());
  }

  @Override
  public String secret() {
    return record.told();
  }
}
