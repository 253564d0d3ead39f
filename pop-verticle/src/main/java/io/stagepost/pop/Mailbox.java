package io.stagepost.pop;

import io.stagepost.pop.maildrop.Maildrop;
import io.vertx.core.Future;
import java.util.BitSet;

/** A maildrop with the marks of a session; messages are numbered from 1, as on the wire. */
final class Mailbox {

  private static final int NONE = -1;

  private final String account;
  private final Maildrop maildrop;
  private final Retrieval retrieval;
  private final BitSet deleted = new BitSet();
  private boolean closed;

  Mailbox(String account, Maildrop maildrop, Retrieval.Reading reading) {
    this.account = account;
    this.maildrop = maildrop;
    this.retrieval = new Retrieval(maildrop, deleted, reading);
  }

  String account() {
    return account;
  }

  Maildrop maildrop() {
    return maildrop;
  }

  Retrieval retrieval() {
    return retrieval;
  }

  /** The index that a number on the wire stands for, or a negative one. */
  int index(String number) {
    boolean digits = number.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || number.isEmpty() || number.length() > 9) {
      return NONE;
    }
    int index = Integer.parseInt(number) - 1;
    return index >= maildrop.count() || (index >= 0 && deleted.get(index)) ? NONE : index;
  }

  void delete(int index) {
    deleted.set(index);
  }

  void reset() {
    deleted.clear();
  }

  int count() {
    return maildrop.count() - deleted.cardinality();
  }

  long octets() {
    long all = 0;
    for (int i = deleted.nextClearBit(0); i < maildrop.count(); i = deleted.nextClearBit(i + 1)) {
      all += maildrop.size(i);
    }
    return all;
  }

  /** The number of a message and its size. */
  String sizeLine(int index) {
    return (index + 1) + " " + maildrop.size(index);
  }

  /** The number of a message and its unique id. */
  String uniqueIdLine(int index) {
    return (index + 1) + " " + maildrop.uniqueId(index);
  }

  /** The indexes that are left, at most as many as there are messages. */
  int[] left() {
    int[] left = new int[count()];
    int at = 0;
    for (int i = deleted.nextClearBit(0); i < maildrop.count(); i = deleted.nextClearBit(i + 1)) {
      left[at++] = i;
    }
    return left;
  }

  /** Removes what was marked. */
  Future<Void> update() {
    return deleted.isEmpty() ? Future.succeededFuture() : maildrop.remove((BitSet) deleted.clone());
  }

  /** Lets others in. */
  Future<Void> close() {
    if (closed) {
      return Future.succeededFuture();
    }
    closed = true;
    retrieval.close();
    return maildrop.close();
  }
}
