package io.stagepost.auth;

import io.stagepost.smtp.Xtext;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Changes the account of a client in a secrets file, and nothing else in it.
 *
 * <p>The file is replaced as a whole, durably, by one with the same mode and owner; a new one can
 * be read by its owner only. Two editors at a time wait for each other. Everything here blocks.
 */
public final class SecretsEditor {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(OWNER_ONLY);

  private SecretsEditor() {}

  /** What has been done. */
  public enum Change {
    ADDED,
    CHANGED,
    DELETED,
    /** There was no such user to be deleted. */
    NOTHING
  }

  /** Gives a user this secret and no other; the file is made if it isn't there. */
  public static Change set(Path file, String user, SecretForm form, String secret)
      throws IOException {
    return edit(
        file, user, Optional.of("server " + form.type() + " " + Xtext.encode(user) + " " + secret));
  }

  /** Takes all secrets from a user. */
  public static Change delete(Path file, String user) throws IOException {
    return Files.exists(file) ? edit(file, user, Optional.empty()) : Change.NOTHING;
  }

  private static Change edit(Path named, String user, Optional<String> record) throws IOException {
    if (!Files.exists(named)) {
      Files.createFile(named, PRIVATE);
    }
    // A link stays one.
    Path file = named.toRealPath();
    while (true) {
      Object before = key(file);
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        // Whoever had the lock before may have put another file there, which isn't locked.
        if (lock.isValid() && key(file).equals(before)) {
          return replace(file, user, record);
        }
      }
    }
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, PosixFileAttributes.class).fileKey();
  }

  private static Change replace(Path file, String user, Optional<String> record)
      throws IOException {
    String before = Files.readString(file, StandardCharsets.ISO_8859_1);
    String end = before.contains("\r\n") ? "\r\n" : "\n";
    List<String> lines = new ArrayList<>();
    boolean isThere = false;
    for (String line : before.lines().toList()) {
      if (!isOf(line, user)) {
        lines.add(line);
      } else if (!isThere) {
        record.ifPresent(lines::add);
        isThere = true;
      }
    }
    if (!isThere && record.isEmpty()) {
      return Change.NOTHING;
    }
    if (!isThere) {
      lines.add(record.get());
    }
    write(file, lines.isEmpty() ? "" : String.join(end, lines) + end);
    return record.isEmpty() ? Change.DELETED : isThere ? Change.CHANGED : Change.ADDED;
  }

  private static boolean isOf(String line, String user) {
    List<String> fields = SecretsParser.fields(line);
    return fields.size() >= 4
        && fields.get(0).equalsIgnoreCase("server")
        && !fields.get(1).equalsIgnoreCase("none")
        && user.equals(id(fields.get(1), fields.get(2)));
  }

  private static String id(String type, String field) {
    return type.equalsIgnoreCase("plain:b")
        ? Octets.ofBase64(field).map(Octets::text).orElse("")
        : Octets.text(Xtext.decodeOctets(field));
  }

  private static void write(Path file, String text) throws IOException {
    PosixFileAttributes old = Files.readAttributes(file, PosixFileAttributes.class);
    Path directory = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(directory, ".secrets-", ".new", PRIVATE);
    try {
      try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        var octets = StandardCharsets.ISO_8859_1.encode(text);
        while (octets.hasRemaining()) {
          out.write(octets);
        }
        out.force(true);
      }
      PosixFileAttributeView view =
          Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
      PosixFileAttributes made = view.readAttributes();
      if (!made.owner().equals(old.owner())) {
        view.setOwner(old.owner());
      }
      if (!made.group().equals(old.group())) {
        view.setGroup(old.group());
      }
      view.setPermissions(old.permissions());
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
        entries.force(true);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
