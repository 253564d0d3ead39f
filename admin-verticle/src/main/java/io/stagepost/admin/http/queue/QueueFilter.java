package io.stagepost.admin.http.queue;

import io.stagepost.admin.queue.QueueItem;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What somebody looks for. Texts match when they are contained, whatever the case of letters.
 *
 * @param text in the sender, a recipient or the id
 * @param subject in the message's subject, which is asked for apart
 */
record QueueFilter(
    Optional<String> sender,
    Optional<String> recipient,
    Optional<String> subject,
    Optional<String> text,
    Optional<String> reason,
    Optional<Instant> before,
    Optional<Instant> after) {

  /** Whether everything matches. */
  boolean isEmpty() {
    return isEmptyButSubject() && subject.isEmpty();
  }

  private boolean isEmptyButSubject() {
    return sender.isEmpty()
        && recipient.isEmpty()
        && text.isEmpty()
        && reason.isEmpty()
        && before.isEmpty()
        && after.isEmpty();
  }

  /** Whether a message matches in everything but its subject. */
  boolean matches(QueueItem item) {
    return isEmptyButSubject()
        || (has(sender, List.of(item.from()))
            && has(recipient, item.to())
            && has(reason, List.of(item.reason()))
            && (text.isEmpty()
                || has(text, List.of(item.from(), item.id().value()))
                || has(text, item.to()))
            && before.map(b -> item.arrived().filter(b::isAfter).isPresent()).orElse(true)
            && after.map(a -> item.arrived().filter(a::isBefore).isPresent()).orElse(true));
  }

  /** Whether a subject matches. */
  boolean matchesSubject(String found) {
    return has(subject, List.of(found));
  }

  private static boolean has(Optional<String> wanted, List<String> texts) {
    if (wanted.isEmpty()) {
      return true;
    }
    String lower = wanted.get().toLowerCase(Locale.ROOT);
    return texts.stream().anyMatch(each -> each.toLowerCase(Locale.ROOT).contains(lower));
  }
}
