package io.stagepost.admin.http.system;

import io.stagepost.admin.http.api.StateFile;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Texts that the configuration file has had, the last 100. Blocking. */
final class ConfigurationHistory {

  private static final int MOST = 100;
  private static final String SUFFIX = ".json";

  private final Path directory;

  ConfigurationHistory(Path directory) {
    this.directory = directory;
  }

  /** A text that was in force. */
  record Version(String version, Instant time, String user, String comment, String text) {

    JsonObject toJson() {
      return new JsonObject()
          .put("version", version)
          .put("time", time.toString())
          .put("user", user)
          .put("comment", comment);
    }
  }

  /** The name of a text, by its content and nothing else. */
  static String name(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds a text; the same again gets another entry, as it is in force again. */
  synchronized Version add(String text, String user, String comment) throws IOException {
    Instant now = Instant.now();
    String version = now.toEpochMilli() + "-" + name(text);
    Version made = new Version(version, now, user, comment, text);
    StateFile.write(directory.resolve(version + SUFFIX), made.toJson().put("text", text).encode());
    List<Version> all = all();
    for (Version old : all.subList(Math.min(MOST, all.size()), all.size())) {
      Files.deleteIfExists(directory.resolve(old.version() + SUFFIX));
    }
    return made;
  }

  /** All of them, the newest first. */
  synchronized List<Version> all() throws IOException {
    List<Version> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          JsonObject json = new JsonObject(Files.readString(file, StandardCharsets.UTF_8));
          found.add(
              new Version(
                  json.getString("version"),
                  Instant.parse(json.getString("time")),
                  json.getString("user", ""),
                  json.getString("comment", ""),
                  json.getString("text", "")));
        } catch (DecodeException | java.time.DateTimeException | NullPointerException e) {
          // Not ours.
        }
      }
    } catch (NoSuchFileException e) {
      // None yet.
    }
    found.sort(Comparator.comparing(Version::time).reversed());
    return found;
  }

  /** One of them. */
  Optional<Version> find(String version) throws IOException {
    return all().stream().filter(each -> each.version().equals(version)).findFirst();
  }
}
