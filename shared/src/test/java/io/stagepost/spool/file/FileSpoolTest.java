package io.stagepost.spool.file;

import io.stagepost.spool.Spool;
import io.stagepost.spool.SpoolContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileSpoolTest extends SpoolContract {

  @TempDir Path directory;

  @Override
  protected Spool newSpool() {
    return FileSpool.create(vertx, FileSpoolOptions.defaults(directory));
  }
}
