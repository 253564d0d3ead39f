package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process that locks a file, says so, and stays until it is killed. */
final class LockHolder {

  private LockHolder() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      System.out.println(lock.isValid() ? "locked" : "not locked");
      System.out.flush();
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
