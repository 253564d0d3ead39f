package io.stagepost.spool.file;

import io.stagepost.spool.SpoolException;
import io.stagepost.spool.file.NodeFile.Progress;
import io.stagepost.spool.file.NodeFile.Slot;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One owner of claims, as the others see it: a file in the spool directory that shows that the
 * owner lives and what it has claimed. An owner that was taken for dead is fenced off: it can end
 * no claim any more and has to begin anew.
 */
final class Node {

  // Closing any descriptor of a file drops all locks that the process holds on it, so no part of
  // this process may look into the file of another part.
  private static final Set<Path> LOCAL = ConcurrentHashMap.newKeySet();
  private static final Set<Node> LIVING = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel file;
  private final String prefix;
  private final AtomicInteger sequence = new AtomicInteger();
  private final BitSet slots = new BitSet(NodeFile.SLOTS);
  private final Map<Integer, String> names = new HashMap<>();
  private final Object gate = new Object();
  private int finishing;
  private long beats;
  private @Nullable FileLock finishLock;
  private volatile boolean fenced;

  private Node(Path path, FileChannel file, String prefix) {
    this.path = path;
    this.file = file;
    this.prefix = prefix;
  }

  /**
   * Begins a new owner.
   *
   * @param earliest the first second that may be part of its stems
   */
  static Node register(Path directory, long earliest) throws IOException {
    long pid = ProcessHandle.current().pid();
    // Containers that share the directory may have the same process number: the second that nobody
    // has taken yet makes the stems unique.
    for (long second = earliest; ; second++) {
      Path path = directory.resolve(SpoolFiles.NODE_PREFIX + pid + "." + second);
      // Known as ours before it can be seen, so that no other spool in this process opens it.
      if (LOCAL.add(path)) {
        try {
          return create(path, "emailrelay." + pid + "." + second + ".");
        } catch (FileAlreadyExistsException e) {
          LOCAL.remove(path);
        } catch (IOException | RuntimeException e) {
          LOCAL.remove(path);
          throw e;
        }
      }
    }
  }

  private static Node create(Path path, String prefix) throws IOException {
    FileChannel file =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            LocalDisk.ATTRIBUTE);
    try {
      lock(file, NodeFile.LIFE);
      // The header comes after the lock: a whole header without a lock means a dead owner.
      NodeFile.writeHeader(file, HostFacts.bootId(), prefix);
      file.force(true);
      Node node = new Node(path, file, prefix);
      LIVING.add(node);
      return node;
    } catch (IOException | RuntimeException e) {
      file.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  // A file system without locks leaves the heartbeat as the only sign.
  private static @Nullable FileLock lock(FileChannel file, long at) {
    try {
      return file.lock(at, 1, false);
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether the file belongs to an owner within this process. */
  static boolean isLocal(Path path) {
    return LOCAL.contains(path);
  }

  /** What the owners of a directory within this process have claimed. */
  static Set<String> claimedHere(Path directory) {
    Set<String> stems = new HashSet<>();
    for (Node node : LIVING) {
      if (directory.equals(node.path.getParent())) {
        synchronized (node.slots) {
          stems.addAll(node.names.values());
        }
      }
    }
    return stems;
  }

  Path path() {
    return path;
  }

  String prefix() {
    return prefix;
  }

  String nextStem() {
    return prefix + sequence.incrementAndGet();
  }

  /** Shows that the owner lives; finds out whether it was fenced off. */
  void beat() throws IOException {
    NodeFile.writeHeartbeat(file, ++beats);
    if (NodeFile.isFenced(file)) {
      fenced = true;
    }
  }

  boolean isFenced() {
    return fenced;
  }

  /** Announces a claim before it is made. */
  int announce(String stem) throws IOException {
    int slot;
    synchronized (slots) {
      slot = slots.nextClearBit(0);
      if (slot >= NodeFile.SLOTS) {
        throw new SpoolException.NotAvailable("too many claims");
      }
      slots.set(slot);
      names.put(slot, stem);
    }
    NodeFile.writeSlot(file, slot, new Slot(Progress.TRYING, System.currentTimeMillis(), stem));
    return slot;
  }

  void confirm(int slot) throws IOException {
    NodeFile.writeProgress(file, slot, Progress.CLAIMED);
  }

  void clear(int slot) {
    try {
      NodeFile.clearSlot(file, slot);
      synchronized (slots) {
        slots.clear(slot);
        names.remove(slot);
      }
    } catch (IOException e) {
      // The slot stays taken: a name that is listed but not held does no harm.
      fenced |= !file.isOpen();
    }
  }

  /**
   * Runs what only a live owner may do, while nobody can fence it off.
   *
   * @throws SpoolException.StaleClaim when it was fenced off
   */
  <T extends @Nullable Object> T guarded(SpoolWorkers.Job<T> job) throws IOException {
    enter();
    try {
      return job.run();
    } finally {
      leave();
    }
  }

  private void enter() throws IOException {
    synchronized (gate) {
      if (finishing == 0) {
        fenced |= isLost();
      }
      if (fenced) {
        if (finishing == 0) {
          unlock();
        }
        throw new SpoolException.StaleClaim("taken over by another owner");
      }
      finishing++;
    }
  }

  private boolean isLost() throws IOException {
    try {
      finishLock = lock(file, NodeFile.FINISH);
      return NodeFile.isFenced(file);
    } catch (ClosedChannelException e) {
      return true; // by the one that noticed it first
    }
  }

  private void leave() throws IOException {
    synchronized (gate) {
      if (--finishing == 0) {
        unlock();
      }
    }
  }

  private void unlock() throws IOException {
    FileLock held = finishLock;
    finishLock = null;
    if (held != null) {
      try {
        held.release();
      } catch (ClosedChannelException e) {
        // It went with the file.
      }
    }
  }

  /** Ends the owner; its file goes unless it still lists claims for others to take back. */
  void close(Disk disk) throws IOException {
    boolean empty;
    synchronized (slots) {
      empty = slots.isEmpty();
    }
    try {
      if (empty && !fenced) {
        disk.delete(path);
      }
    } finally {
      abandon();
    }
  }

  /** Lets go of everything without a word, as the end of the process does. */
  void abandon() throws IOException {
    try {
      file.close();
    } finally {
      LIVING.remove(this);
      LOCAL.remove(path);
    }
  }
}
