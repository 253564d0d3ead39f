package io.stagepost.deploy.submit;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Makes the values of Date and Message-ID fields. */
record Stamp(Instant now) {

  private static final DateTimeFormatter BARE =
      DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
  private static final DateTimeFormatter WITH_WEEKDAY =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

  /** As E-MailRelay's command has it, without the day of the week. */
  String date() {
    return BARE.format(local());
  }

  /** RFC 5322 §3.3. */
  String fullDate() {
    return WITH_WEEKDAY.format(local());
  }

  private ZonedDateTime local() {
    return now.atZone(ZoneId.systemDefault());
  }

  /** A message id of that domain. */
  String messageId(String domain) {
    return "<%d.%06d.%d@%s>"
        .formatted(
            now.getEpochSecond(), now.getNano() / 1_000, ProcessHandle.current().pid(), domain);
  }
}
