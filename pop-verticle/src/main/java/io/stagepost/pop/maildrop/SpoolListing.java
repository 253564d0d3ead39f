package io.stagepost.pop.maildrop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The messages of a spool directory that nobody has claimed: pairs of an envelope and a content
 * that is not empty. The content may be in the parent directory when there is one.
 */
final class SpoolListing extends Listing {

  static final String CONTENT = ".content";
  static final String ENVELOPE = ".envelope";

  /** The content is beside the envelope. */
  static final byte HERE = 0;

  /** The content is in the parent directory. */
  static final byte PARENT = 1;

  // These are made for one message each; any other may be given to another message later.
  private static final Pattern MADE = Pattern.compile("emailrelay\\.\\d+\\.\\d+\\.\\d+\\.content");

  private final Path directory;
  private final Path parent;

  /** The spool itself. */
  SpoolListing(Path directory) {
    super(Hidden.inSpool(directory).index(), directory);
    this.directory = directory;
    this.parent = directory;
  }

  /** A directory of the spool. */
  SpoolListing(Path directory, Path parent) {
    super(Hidden.inSpool(directory).index(), directory, parent);
    this.directory = directory;
    this.parent = parent;
  }

  @Override
  List<Found> names() throws IOException {
    String[] names = namesIn(directory);
    Set<String> contents = new HashSet<>();
    int envelopes = 0;
    for (String name : names) {
      if (name.endsWith(CONTENT)) {
        contents.add(name);
      } else if (name.endsWith(ENVELOPE)) {
        envelopes++;
      }
    }
    List<Found> found = new ArrayList<>(envelopes);
    for (String name : names) {
      if (name.endsWith(ENVELOPE) && !name.startsWith(".")) {
        String content = name.substring(0, name.length() - ENVELOPE.length()) + CONTENT;
        if (contents.contains(content)) {
          found.add(new Found(content, HERE, -1));
        } else if (!parent.equals(directory)) {
          found.add(new Found(content, PARENT, -1));
        }
      }
    }
    return found;
  }

  @Override
  long askSize(Found message) throws IOException {
    Path place = message.place() == HERE ? directory : parent;
    long size = sizeOf(place.resolve(message.name()));
    return size == 0 ? -1 : size;
  }

  @Override
  boolean isForEver(String name) {
    return MADE.matcher(name).matches();
  }
}
