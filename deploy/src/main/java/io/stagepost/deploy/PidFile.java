package io.stagepost.deploy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The file that tells others our process id. */
final class PidFile {

  private final Path path;
  private final String content;

  private PidFile(Path path, String content) {
    this.path = path;
    this.content = content;
  }

  /**
   * Writes the file, readable by all, and creates the directory it is in where that is missing.
   *
   * @throws IOException when it can't be written
   */
  static PidFile write(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null && !Files.exists(directory)) {
      Files.createDirectory(directory);
    }
    PidFile file = new PidFile(path, ProcessHandle.current().pid() + "\n");
    Files.writeString(path, file.content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  /** Removes the file, unless another process has written its own id there meanwhile. */
  void remove() {
    try {
      if (Files.readString(path).equals(content)) {
        deleteOrEmpty();
      }
    } catch (IOException e) {
      // It is gone, or not ours to remove any more.
    }
  }

  // In a directory of root's, such as /run, it is ours to write but not to delete.
  private void deleteOrEmpty() throws IOException {
    try {
      Files.delete(path);
    } catch (AccessDeniedException e) {
      Files.writeString(path, "");
    }
  }
}
