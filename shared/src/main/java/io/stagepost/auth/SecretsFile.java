package io.stagepost.auth;

import io.stagepost.auth.SecretType.Side;
import java.util.List;

/**
 * What a secrets file says.
 *
 * @param problems because of which it can't be used, with their lines
 * @param warnings that don't keep it from being used
 */
record SecretsFile(
    List<SecretRecord> server,
    List<SecretRecord> client,
    List<TrustRecord> trusts,
    List<Remark> problems,
    List<Remark> warnings) {

  /** Copies the lists. */
  SecretsFile {
    server = List.copyOf(server);
    client = List.copyOf(client);
    trusts = List.copyOf(trusts);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** Something that is wrong with a line, counted from 1. */
  record Remark(int line, String text) {

    /** For the log. */
    String in(String file) {
      return file + "(" + line + "): " + text;
    }
  }

  List<SecretRecord> of(Side side) {
    return side == Side.SERVER ? server : client;
  }
}
