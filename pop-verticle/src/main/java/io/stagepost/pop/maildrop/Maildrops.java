package io.stagepost.pop.maildrop;

import io.stagepost.config.PopSettings;
import io.stagepost.config.PopSettings.Store;
import io.stagepost.pop.maildrop.SpoolMaildrop.Place;
import io.stagepost.spool.Spool;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens the maildrops of accounts. */
public final class Maildrops {

  private static final Set<PosixFilePermission> PERMISSIONS =
      PosixFilePermissions.fromString("rwxrwx---");

  private final Vertx vertx;
  private final PopSettings settings;
  private final Spool spool;
  private final MaildropWorkers workers;

  /** Maildrops as the settings say. */
  public Maildrops(Vertx vertx, PopSettings settings, Spool spool, MaildropWorkers workers) {
    this.vertx = vertx;
    this.settings = settings;
    this.spool = spool;
    this.workers = workers;
  }

  /**
   * Opens an account's maildrop. Fails with {@link MaildropException}, or with an {@link
   * IOException} when the disk has trouble.
   *
   * @param log tells of a directory that had to be made
   */
  public Future<Maildrop> open(String account, RelayLog log) {
    return workers.run(
        () ->
            switch (settings.store()) {
              case Store.Shared s -> openRoot();
              case Store.ByName s -> openNamed(AccountDirectory.name(account), log);
              case Store.Maildir m -> openMaildir(AccountDirectory.of(m.pattern(), account));
            });
  }

  private Maildrop openRoot() throws IOException, MaildropException {
    Path directory = settings.spool();
    MaildropLock lock = lock(Hidden.inSpool(directory));
    try {
      MessageTable table = new SpoolListing(directory).take();
      return new SpoolMaildrop(new Place.Root(directory, spool), table, workers, lock);
    } catch (IOException | RuntimeException e) {
      letGo(lock);
      throw e;
    }
  }

  private Maildrop openNamed(String name, RelayLog log) throws IOException, MaildropException {
    Path directory = settings.spool().resolve(name);
    create(directory, name, log);
    MaildropLock lock = lock(Hidden.inSpool(directory));
    try {
      MessageTable table = new SpoolListing(directory, settings.spool()).take();
      return new SpoolMaildrop(new Place.Named(directory, settings.spool()), table, workers, lock);
    } catch (IOException | RuntimeException e) {
      letGo(lock);
      throw e;
    }
  }

  private Maildrop openMaildir(Path directory) throws IOException, MaildropException {
    // Where there is no mail yet there is nothing to lock either.
    MaildropLock lock = Files.isDirectory(directory) ? lock(Hidden.inMaildir(directory)) : null;
    try {
      MessageTable table = new MaildirListing(directory).take();
      return new MaildirMaildrop(directory, table, workers, lock);
    } catch (IOException | RuntimeException e) {
      letGo(lock);
      throw e;
    }
  }

  private static void create(Path directory, String name, RelayLog log) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    try {
      Files.createDirectory(directory);
      Files.setPosixFilePermissions(directory, PERMISSIONS); // whatever the umask
      log.info("created pop-by-name sub-directory " + '[' + LogText.escape(name) + ']');
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  private @Nullable MaildropLock lock(Hidden hidden) throws MaildropException {
    return settings.has(PopSettings.Feature.LOCK) ? MaildropLock.take(vertx, hidden.lock()) : null;
  }

  private static void letGo(@Nullable MaildropLock lock) throws IOException {
    if (lock != null) {
      lock.close();
    }
  }

  static Future<Void> release(@Nullable MaildropLock lock, MaildropWorkers workers) {
    if (lock == null) {
      return Future.succeededFuture();
    }
    return workers.run(
        () -> {
          lock.close();
          return null;
        });
  }
}
