package io.stagepost.pop.maildrop;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Contents in the spool for which directories in it hold envelopes, as the filter {@code copy:pop}
 * makes them. A content goes when no envelope is left that needs it. Blocking.
 */
final class SharedContent {

  private static final List<String> NEEDS =
      List.of(".envelope", ".envelope.busy", ".envelope.new", ".envelope.bad");

  private final Path parent;
  private final List<Path> places = new ArrayList<>();

  SharedContent(Path parent) throws IOException {
    this.parent = parent;
    places.add(parent);
    try (DirectoryStream<Path> directories =
        Files.newDirectoryStream(parent, path -> !isHidden(path) && Files.isDirectory(path))) {
      directories.forEach(places::add);
    }
  }

  private static boolean isHidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  void removeUnlessNeeded(String stem) throws IOException {
    for (Path place : places) {
      for (String suffix : NEEDS) {
        if (Files.exists(place.resolve(stem + suffix))) {
          return;
        }
      }
    }
    Files.deleteIfExists(parent.resolve(stem + SpoolListing.CONTENT));
  }
}
