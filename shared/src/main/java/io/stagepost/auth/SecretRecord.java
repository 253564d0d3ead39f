package io.stagepost.auth;

import io.vertx.core.buffer.Buffer;

/**
 * A secret from a file.
 *
 * @param id the account's name, decoded
 * @param secret the password, or what is kept instead of it as the file has it
 * @param selector of client secrets; empty for the usual account
 * @param line of the file, from 1; 0 for what is not from a file
 */
record SecretRecord(SecretType type, String id, Buffer secret, String selector, int line) {

  /** For the log: {@code <kind> secret for [<id>] from line <n>}. */
  String told() {
    return Told.secret(type.kind(), id) + (line == 0 ? "" : " from line " + line);
  }

  @Override
  public String toString() {
    return told();
  }
}
