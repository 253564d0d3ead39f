package io.stagepost.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The real disk, with the permissions that E-MailRelay gives its files. */
public final class LocalDisk implements Disk {

  private static final Set<PosixFilePermission> PERMISSIONS =
      PosixFilePermissions.fromString("rw-rw----");
  static final FileAttribute<Set<PosixFilePermission>> ATTRIBUTE =
      PosixFilePermissions.asFileAttribute(PERMISSIONS);
  private static final Set<StandardOpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private static final Set<StandardOpenOption> OPEN =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final Path SYNC = Path.of("/bin/sync");

  // The umask can only be seen by its effect: the first file made tells.
  private volatile Umask umask = Umask.UNKNOWN;

  private enum Umask {
    UNKNOWN,
    FITS,
    NARROWS
  }

  @Override
  public Output create(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, CREATE, ATTRIBUTE);
    try {
      widen(path);
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(path);
      throw e;
    }
    return new ChannelOutput(channel);
  }

  private void widen(Path path) throws IOException {
    if (umask == Umask.UNKNOWN) {
      boolean fits = Files.getPosixFilePermissions(path).equals(PERMISSIONS);
      umask = fits ? Umask.FITS : Umask.NARROWS;
    }
    if (umask == Umask.NARROWS) {
      Files.setPosixFilePermissions(path, PERMISSIONS);
    }
  }

  @Override
  public Input open(Path path) throws IOException {
    return new ChannelInput(FileChannel.open(path, StandardOpenOption.READ));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean delete(Path path) throws IOException {
    return Files.deleteIfExists(path);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Log openLog(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, OPEN, ATTRIBUTE);
    widen(path);
    return new ChannelLog(channel);
  }

  @Override
  public void syncAll(Path directory) throws IOException {
    // The library has no call for a whole file system.
    Process sync =
        new ProcessBuilder(SYNC.toString(), "-f", directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (sync.waitFor() != 0) {
        throw new IOException(SYNC + " -f ended with " + sync.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public boolean canSyncAll() {
    return Files.isExecutable(SYNC);
  }

  @Override
  public String session() {
    return HostFacts.bootId();
  }

  @Override
  public boolean exists(Path path) {
    // Links are followed, as otherwise each answer of no costs exceptions within the JDK.
    return Files.exists(path);
  }

  @Override
  public Optional<Stat> stat(Path path) throws IOException {
    try {
      Map<String, Object> found =
          Files.readAttributes(
              path,
              "unix:isRegularFile,isDirectory,size,lastModifiedTime,ctime",
              LinkOption.NOFOLLOW_LINKS);
      Kind kind =
          (boolean) found.get("isRegularFile")
              ? Kind.FILE
              : (boolean) found.get("isDirectory") ? Kind.DIRECTORY : Kind.OTHER;
      return Optional.of(
          new Stat(
              kind,
              (long) found.get("size"),
              ((FileTime) found.get("lastModifiedTime")).toInstant(),
              ((FileTime) found.get("ctime")).toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void list(Path directory, Consumer<String> names) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.accept(String.valueOf(entry.getFileName()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private record ChannelOutput(FileChannel channel) implements Output {

    @Override
    public void write(ByteBuffer data) throws IOException {
      while (data.hasRemaining()) {
        channel.write(data);
      }
    }

    @Override
    public void sync() throws IOException {
      // With metadata: on ext4 and XFS that is what makes the entry of a new file durable.
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private record ChannelLog(FileChannel channel) implements Log {

    @Override
    public void write(ByteBuffer data, long at) throws IOException {
      long place = at;
      while (data.hasRemaining()) {
        place += channel.write(data, place);
      }
    }

    @Override
    public void sync() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private record ChannelInput(FileChannel channel) implements Input {

    @Override
    public int read(ByteBuffer into) throws IOException {
      return channel.read(into);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
