package io.stagepost.pop.maildrop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The messages in {@code new} and {@code cur} of a Maildir. */
final class MaildirListing extends Listing {

  static final byte NEW = 0;
  static final byte CUR = 1;

  private static final String[] PLACES = {"new", "cur"};

  private final Path directory;

  MaildirListing(Path directory) {
    super(Hidden.inMaildir(directory).index(), place(directory, NEW), place(directory, CUR));
    this.directory = directory;
  }

  static Path place(Path directory, byte place) {
    return directory.resolve(PLACES[place]);
  }

  /** The part of a file's name that stays when flags come and go. */
  static String base(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  @Override
  List<Found> names() throws IOException {
    String[] fresh = namesIn(place(directory, NEW));
    String[] current = namesIn(place(directory, CUR));
    List<Found> found = new ArrayList<>(fresh.length + current.length);
    add(found, fresh, NEW);
    add(found, current, CUR);
    return found;
  }

  private static void add(List<Found> found, String[] names, byte place) {
    for (String name : names) {
      if (!name.startsWith(".")) {
        found.add(new Found(name, place, -1));
      }
    }
  }

  @Override
  long askSize(Found message) throws IOException {
    return sizeOf(place(directory, message.place()).resolve(message.name()));
  }

  // A Maildir's file never changes once it is there.
  @Override
  boolean isForEver(String name) {
    return true;
  }
}
