package io.stagepost.net;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What kind of listening socket a descriptor of this process is; Linux only. */
enum DescriptorKind {
  TCP,
  UNIX;

  private static final Path OURS = Path.of("/proc/self");
  private static final String PREFIX = "socket:[";
  // State and flags as the kernel prints them.
  private static final String LISTEN = "0A";
  private static final String ACCEPTS = "00010000";

  /**
   * Looks it up; not for an event loop.
   *
   * @throws BindException when it isn't a listening stream socket
   */
  static DescriptorKind of(int number) throws IOException {
    Path descriptor = OURS.resolve("fd").resolve(Integer.toString(number));
    if (!Files.isSymbolicLink(descriptor)) {
      throw new BindException("no such descriptor was handed to us");
    }
    String what = Files.readSymbolicLink(descriptor).toString();
    if (!what.startsWith(PREFIX)) {
      throw new BindException("not a socket");
    }
    String inode = what.substring(PREFIX.length(), what.length() - 1);
    // Columns: 3 is the state and 9 the inode; 3 the flags and 6 the inode.
    if (isListed("tcp", 3, LISTEN, 9, inode) || isListed("tcp6", 3, LISTEN, 9, inode)) {
      return TCP;
    }
    if (isListed("unix", 3, ACCEPTS, 6, inode)) {
      return UNIX;
    }
    throw new BindException("not a listening stream socket");
  }

  private static boolean isListed(
      String table, int stateColumn, String state, int inodeColumn, String inode)
      throws IOException {
    Path file = OURS.resolve("net").resolve(table);
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return lines.stream()
        .map(line -> line.strip().split("\\s+"))
        .anyMatch(
            columns ->
                columns.length > inodeColumn
                    && columns[inodeColumn].equals(inode)
                    && columns[stateColumn].equals(state));
  }
}
