package io.stagepost.spool.file;

import io.stagepost.spool.file.Peers.Cause;
import io.stagepost.spool.file.Peers.Dead;

/**
 * How much the end of an owner tells against a message that it held. It is counted in units: the
 * only message in a dead owner's hands has probably killed it, one among several probably has not.
 *
 * <p>From {@link #SUSPECT_FROM} units on a message waits when it is given back, as long as it has
 * units, each suspect a little longer than the one before, so that they come one by one and the
 * others flow. At {@link FileSpoolOptions#maxSuspicion()} units it is set aside. Company alone
 * never leads there, whatever kills the process that often: its units end below those of one death
 * alone.
 */
enum Suspicion {
  NONE(0),
  BESIDE_OTHERS(1),
  ALONE(5);

  static final int SUSPECT_FROM = 3;

  private final int units;

  Suspicion(int units) {
    this.units = units;
  }

  /** Adds to the units that a message has. */
  int to(int before) {
    boolean full = this == BESIDE_OTHERS && before % ALONE.units == ALONE.units - 1;
    return full ? before : before + units;
  }

  static Suspicion of(Dead owner) {
    if (owner.cause() != Cause.DIED) {
      return NONE;
    }
    // Every slot counts, also of claims that were ending: rather too little suspicion than too
    // much.
    return owner.slots().size() == 1 ? ALONE : BESIDE_OTHERS;
  }
}
