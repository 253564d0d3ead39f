package io.stagepost.admin.http.api;

import io.stagepost.smtp.Xtext;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who has which role, from a file of lines {@code <role> <user>}, the user in xtext (RFC 3461 §4);
 * empty lines and those that begin with {@code #} say nothing. A file that has changed is read
 * again within a second or two; one with an error changes nothing.
 */
public final class UserRoles {

  private static final long LOOK_MILLIS = 1_000;

  private final Vertx vertx;
  private final Path file;
  private final RelayLog log;
  private volatile Map<String, Role> roles = Map.of();
  private volatile FileTime read = FileTime.fromMillis(0);
  private long timer = -1;

  /** Those of a file that is not read yet. */
  public UserRoles(Vertx vertx, Path file, RelayLog log) {
    this.vertx = vertx;
    this.file = file;
    this.log = log;
  }

  /** Reads the file. Fails when it can't be understood. */
  public Future<Void> open() {
    return vertx
        .executeBlocking(
            () -> {
              load();
              return roles;
            },
            false)
        .onSuccess(v -> timer = vertx.setPeriodic(LOOK_MILLIS, t -> look()))
        .mapEmpty();
  }

  /** Ends looking for changes. */
  public void close() {
    vertx.cancelTimer(timer);
  }

  /** The role of a user, if it has one. */
  public Optional<Role> role(String user) {
    return Optional.ofNullable(roles.get(user));
  }

  /** All of them, in the order of the file. */
  public Map<String, Role> all() {
    return roles;
  }

  /** Gives a user a role, or none. */
  public Future<Void> put(String user, Optional<Role> role) {
    return vertx.executeBlocking(
        () -> {
          change(user, role);
          return null;
        },
        true);
  }

  private synchronized void change(String user, Optional<Role> role) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean there = false;
    for (String line : lines()) {
      if (!isOf(line, user)) {
        lines.add(line);
      } else if (!there && role.isPresent()) {
        lines.add(line(role.get(), user));
        there = true;
      }
    }
    if (!there && role.isPresent()) {
      lines.add(line(role.get(), user));
    }
    StateFile.write(file, String.join("\n", lines) + "\n");
    load();
  }

  private static String line(Role role, String user) {
    return role.word() + " " + Xtext.encode(user);
  }

  private static boolean isOf(String line, String user) {
    String[] words = line.strip().split("\\s+");
    return !line.startsWith("#") && words.length == 2 && user.equals(user(words[1]));
  }

  private void look() {
    vertx
        .executeBlocking(
            () -> {
              if (!time().equals(read)) {
                load();
                log.info("re-reading users: " + file);
              }
              return null;
            },
            false)
        .onFailure(
            e ->
                log.warn(
                    "users are as they were: " + LogText.escape(String.valueOf(e.getMessage()))));
  }

  private FileTime time() throws IOException {
    try {
      return Files.getLastModifiedTime(file);
    } catch (NoSuchFileException e) {
      return FileTime.fromMillis(0);
    }
  }

  private List<String> lines() throws IOException {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private synchronized void load() throws IOException {
    read = time();
    Map<String, Role> found = new LinkedHashMap<>();
    int number = 0;
    for (String line : lines()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.strip().split("\\s+");
      Optional<Role> role = Role.of(words[0]);
      if (words.length != 2 || role.isEmpty() || !Xtext.isValid(words[1])) {
        throw new IOException(
            file + ": line " + number + ": not <role> <user>, with admin, operator or viewer");
      }
      found.put(user(words[1]), role.get());
    }
    roles = java.util.Collections.unmodifiableMap(found);
  }

  private static String user(String word) {
    return new String(Xtext.decodeOctets(word), StandardCharsets.UTF_8);
  }
}
