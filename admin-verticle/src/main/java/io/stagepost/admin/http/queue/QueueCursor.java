package io.stagepost.admin.http.queue;

import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.admin.queue.QueueItem;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on.
 *
 * @param after the last message that was looked at in the state; null for none
 */
public record QueueCursor(State state, @Nullable MessageId after) {

  /** Reads what {@link #toString()} has made. */
  public static QueueCursor parse(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int colon = plain.indexOf(':');
      Optional<State> state =
          colon < 0 ? Optional.empty() : QueueItem.state(plain.substring(0, colon));
      String id = plain.substring(colon + 1);
      return new QueueCursor(
          state.orElseThrow(() -> new IllegalArgumentException("no state")),
          id.isEmpty() ? null : new MessageId(id));
    } catch (IllegalArgumentException e) {
      throw ApiProblem.field("cursor", "is none of this list");
    }
  }

  @Override
  public String toString() {
    String plain = QueueItem.name(state) + ":" + (after == null ? "" : after.value());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }
}
