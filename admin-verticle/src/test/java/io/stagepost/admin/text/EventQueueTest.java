package io.stagepost.admin.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What waits for a client that reads slowly. */
class EventQueueTest {

  @Test
  void theOldestOfMoreThanAHundredAreDropped() {
    AtomicInteger wakes = new AtomicInteger();
    EventQueue queue = new EventQueue(wakes::incrementAndGet);
    for (int i = 0; i < 150; i++) {
      queue.accept(String.valueOf(i));
    }
    List<String> left = new ArrayList<>();
    for (String event = queue.poll(); event != null; event = queue.poll()) {
      left.add(event);
    }
    assertThat(left).hasSize(100).startsWith("50").endsWith("149");
    assertThat(wakes).hasValue(1);
    queue.accept("again");
    assertThat(wakes).hasValue(2);
  }
}
