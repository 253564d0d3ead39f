package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Postfix of our own that delivers everything into one maildir, a file for each recipient. */
final class Postfix implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String SCRIPT = Distribution.DEPLOY.resolve("lib/postfix").toString();

  private final Path directory;
  private final WatchService watch;

  private final List<Integer> ports;

  private Postfix(Path directory, List<Integer> ports, WatchService watch) {
    this.directory = directory;
    this.ports = ports;
    this.watch = watch;
  }

  /** Starts one on a free port of loopback. */
  static Postfix start() {
    return start(1, List.of("maildir"));
  }

  /**
   * Starts one for clients that encrypt and authenticate.
   *
   * @param certificates a directory with {@code server.pem}, {@code expired.pem} and {@code ca.pem}
   * @param auth the socket of what checks passwords
   */
  static Postfix secure(Path certificates, Path auth) {
    return start(4, List.of("secure", certificates.toString(), auth.toString()));
  }

  private static Postfix start(int count, List<String> mode) {
    try {
      Path directory = Files.createTempDirectory("stagepost-postfix");
      // Its processes run as another user and have to reach the directory.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      List<Integer> ports = FreePorts.many(count);
      List<String> numbers = ports.stream().map(String::valueOf).toList();
      Command.of(SCRIPT, "start", directory.toString(), numbers.getFirst(), mode.getFirst())
          .with(numbers.subList(1, count))
          .with(mode.subList(1, mode.size()))
          .succeed();
      WatchService watch = directory.getFileSystem().newWatchService();
      newMail(directory).register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      return new Postfix(directory, ports, watch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address as a next hop. */
  String address() {
    return "127.0.0.1:" + ports.getFirst();
  }

  /** One of its ports, in the order in which its script has them. */
  int port(int index) {
    return ports.get(index);
  }

  /** Waits for the message to a recipient that nobody else gets mail for; takes it away. */
  byte[] await(String recipient) {
    long end = System.nanoTime() + LIMIT.toNanos();
    byte[] header = ("\nDelivered-To: " + recipient + "\n").getBytes(UTF_8);
    try {
      while (true) {
        for (Path file : delivered()) {
          byte[] content = Files.readAllBytes(file);
          if (Bytes.indexOf(content, header) >= 0) {
            Files.delete(file);
            return content;
          }
        }
        WatchKey key = watch.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (key == null) {
          throw new AssertionError("nothing for " + recipient + "\n" + log());
        }
        key.pollEvents();
        key.reset();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ClosedWatchServiceException e) {
      throw new AssertionError(e);
    }
  }

  private List<Path> delivered() throws IOException {
    try (Stream<Path> files = Files.list(newMail(directory))) {
      return new ArrayList<>(files.toList());
    }
  }

  private static Path newMail(Path directory) {
    return directory.resolve("mail/box/new");
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  @Override
  public void close() {
    try {
      Command.of(SCRIPT, "stop", directory.toString()).succeed();
      watch.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Command.of("rm", "-rf", directory.toString()).succeed();
  }
}
