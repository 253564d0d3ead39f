package io.stagepost.pop.maildrop;

import java.nio.file.Path;

/** Where our own files about a maildrop are. */
record Hidden(Path index, Path lock) {

  /**
   * In a spool they have a directory of their own: a change in it is none of the directory that is
   * watched for changes.
   */
  static Hidden inSpool(Path directory) {
    Path own = directory.resolve(".stagepost.pop");
    return new Hidden(own.resolve("index"), own.resolve("lock"));
  }

  /** In a Maildir every directory whose name begins with a dot is a folder. */
  static Hidden inMaildir(Path directory) {
    return new Hidden(
        directory.resolve(".stagepost.pop.index"), directory.resolve(".stagepost.pop.lock"));
  }
}
