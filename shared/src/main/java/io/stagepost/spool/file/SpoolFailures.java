package io.stagepost.spool.file;

import io.stagepost.spool.SpoolException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells the failures of disk calls apart. */
final class SpoolFailures {

  private SpoolFailures() {}

  /** What the caller of the spool is to see. */
  static SpoolException of(Throwable trouble) {
    if (trouble instanceof SpoolException known) {
      return known;
    }
    String text = String.valueOf(trouble.getMessage());
    return isNoSpace(trouble)
        ? new SpoolException.NoSpace(text, trouble)
        : new SpoolException.Io(text, trouble);
  }

  // Java has no error numbers: ENOSPC and EDQUOT are known by the C library's texts.
  static boolean isNoSpace(Throwable trouble) {
    for (@Nullable Throwable t = trouble; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (text.contains("no space left on device") || text.contains("quota exceeded")) {
        return true;
      }
    }
    return false;
  }
}
