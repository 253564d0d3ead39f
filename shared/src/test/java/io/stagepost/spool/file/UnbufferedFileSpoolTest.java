package io.stagepost.spool.file;

import io.stagepost.spool.Spool;
import io.stagepost.spool.SpoolContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract with so little memory that every piece is written at once. */
class UnbufferedFileSpoolTest extends SpoolContract {

  @TempDir Path directory;

  @Override
  protected Spool newSpool() {
    return FileSpool.create(
        vertx, FileSpoolOptions.defaults(directory).withBufferLimit(0).withSync(SpoolSync.ALWAYS));
  }
}
