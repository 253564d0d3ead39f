package io.stagepost.pop.maildrop;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.BitSet;

/**
 * The messages of an account as they were at its login (RFC 1939 §8), numbered from 0. Nothing is
 * removed before {@link #remove}.
 */
public sealed interface Maildrop permits SpoolMaildrop, MaildirMaildrop {

  /** How many there were. */
  int count();

  /** The octets of a message's file. */
  long size(int index);

  /** What names a message for ever; the same after a restart. */
  String uniqueId(int index);

  /** What names a message in events. */
  String id(int index);

  /**
   * Opens a message's file; blocking.
   *
   * @throws java.nio.file.NoSuchFileException when it is there no more
   */
  FileChannel open(int index) throws IOException;

  /** Removes messages; those that are gone already, or that others have taken, are left out. */
  Future<Void> remove(BitSet indexes);

  /** Lets others in. */
  Future<Void> close();
}
