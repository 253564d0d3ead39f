package io.stagepost.auth;

import io.stagepost.auth.SaslStep.Challenge;
import io.stagepost.auth.SaslStep.Decision;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** PLAIN (RFC 4616) and LOGIN, which send the password itself. */
final class PasswordServer implements SaslServer {

  private static final int LONGEST = 1_024;

  private final String mechanism;
  private final Check check;
  private @Nullable Buffer user;

  PasswordServer(String mechanism, Check check) {
    this.mechanism = mechanism;
    this.check = check;
  }

  /** Decides about what has been said. */
  interface Check {

    Future<Decision> password(String user, byte[] password);

    Future<Decision> nonsense();
  }

  @Override
  public String mechanism() {
    return mechanism;
  }

  @Override
  public boolean isServerFirst() {
    return false;
  }

  @Override
  public Buffer start() {
    return Buffer.buffer(mechanism.equals(Mechanisms.PLAIN) ? "" : "Username:");
  }

  @Override
  public Future<SaslStep> next(Buffer response) {
    if (mechanism.equals(Mechanisms.PLAIN)) {
      return plain(response).map(decision -> decision);
    }
    if (user == null) {
      user = response;
      return Future.succeededFuture(new Challenge(Buffer.buffer("Password:")));
    }
    return decide(user, response).map(decision -> decision);
  }

  // message = [authzid] NUL authcid NUL passwd; nobody acts for another.
  private Future<Decision> plain(Buffer message) {
    int first = indexOfNul(message, 0);
    int second = first < 0 ? -1 : indexOfNul(message, first + 1);
    if (second < 0 || indexOfNul(message, second + 1) >= 0) {
      return check.nonsense();
    }
    Buffer asked = message.getBuffer(0, first);
    Buffer name = message.getBuffer(first + 1, second);
    return asked.length() == 0 || asked.equals(name)
        ? decide(name, message.getBuffer(second + 1, message.length()))
        : check.nonsense();
  }

  private Future<Decision> decide(Buffer name, Buffer password) {
    return name.length() == 0 || name.length() > LONGEST || password.length() > LONGEST
        ? check.nonsense()
        : check.password(Octets.text(name.getBytes()), password.getBytes());
  }

  private static int indexOfNul(Buffer octets, int from) {
    for (int i = from; i < octets.length(); i++) {
      if (octets.getByte(i) == 0) {
        return i;
      }
    }
    return -1;
  }
}
