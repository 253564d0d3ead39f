package io.stagepost.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.spool.MessageId;
import io.stagepost.spool.file.Disk;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events that are kept with messages as long as these are in the spool: the last {@link #MOST}
 * of each, in a file each. Blocking; one process works on a message at a time.
 */
final class Attempts {

  /** How many events are kept with a message. */
  static final int MOST = 20;

  private static final String SUFFIX = ".jsonl";

  private final Disk disk;
  private final Path directory;
  // Most messages leave at once, and nothing is to be looked for then.
  private volatile boolean any = true;

  Attempts(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /** Adds an event in its published form. */
  void keep(String id, byte[] json) throws IOException {
    Lane.makeDirectory(directory);
    List<String> lines = lines(id);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String line : lines.subList(Math.max(0, lines.size() - MOST + 1), lines.size())) {
      all.writeBytes(line.getBytes(UTF_8));
      all.write('\n');
    }
    all.writeBytes(json);
    all.write('\n');
    Path tmp = directory.resolve(id + ".tmp");
    disk.delete(tmp);
    try {
      try (Disk.Output out = disk.create(tmp)) {
        out.write(ByteBuffer.wrap(all.toByteArray()));
      }
      disk.rename(tmp, path(id));
      any = true;
    } catch (IOException e) {
      disk.delete(tmp);
      throw e;
    }
  }

  /** Forgets the events of a message. */
  void drop(String id) throws IOException {
    if (any) {
      disk.delete(path(id));
    }
  }

  List<JsonObject> read(String id) throws IOException {
    List<JsonObject> events = new ArrayList<>();
    for (String line : lines(id)) {
      try {
        events.add(new JsonObject(line));
      } catch (DecodeException e) {
        // Torn by a power cut.
      }
    }
    return events;
  }

  /** The messages that something is kept for, up to a number of them. */
  List<MessageId> ids(int most) throws IOException {
    List<MessageId> ids = new ArrayList<>();
    any = false;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path entry : entries) {
        any = true;
        if (ids.size() == most) {
          break;
        }
        String name = entry.getFileName().toString();
        id(name.substring(0, name.length() - SUFFIX.length())).ifPresent(ids::add);
      }
    } catch (NoSuchFileException e) {
      // None yet.
    }
    return ids;
  }

  private static Optional<MessageId> id(String stem) {
    try {
      return Optional.of(new MessageId(stem));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private List<String> lines(String id) throws IOException {
    try {
      return new String(Files.readAllBytes(path(id)), UTF_8).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private Path path(String id) {
    return directory.resolve(id + SUFFIX);
  }
}
