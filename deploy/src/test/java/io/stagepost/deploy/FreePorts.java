package io.stagepost.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of this host for programs that can't choose one themselves. None of those that the system
 * hands out: another test could get it before the program does.
 */
final class FreePorts {

  private static final int FIRST = 20_000;
  private static final int BEYOND = 30_000;
  private static final int TRIES = 1_000;

  private FreePorts() {}

  static int one() {
    return many(1).getFirst();
  }

  /** As many different ones. */
  static List<Integer> many(int count) {
    Set<Integer> free = new LinkedHashSet<>();
    for (int i = 0; i < TRIES && free.size() < count; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND);
      if (isFree(port)) {
        free.add(port);
      }
    }
    if (free.size() < count) {
      throw new UncheckedIOException(
          new IOException("no free ports from " + FIRST + " to " + BEYOND));
    }
    return List.copyOf(free);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
