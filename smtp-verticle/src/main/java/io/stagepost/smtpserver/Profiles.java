package io.stagepost.smtpserver;

import io.stagepost.config.SmtpSettings;
import java.util.function.Supplier;

/** What follows from settings that may change, worked out once for each of them. */
final class Profiles implements Supplier<Profile> {

  private final Supplier<SmtpSettings> settings;
  private Profile latest;

  Profiles(Supplier<SmtpSettings> settings) {
    this.settings = settings;
    this.latest = new Profile(settings.get());
  }

  /** For a session that begins now. */
  @Override
  public Profile get() {
    SmtpSettings now = settings.get();
    if (!latest.settings().equals(now)) {
      latest = new Profile(now);
    }
    return latest;
  }
}
