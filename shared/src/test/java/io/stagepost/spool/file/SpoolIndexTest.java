package io.stagepost.spool.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SpoolIndexTest {

  private static final MessageId ID = new MessageId("m");

  private final SpoolIndex index = new SpoolIndex();

  @Test
  void aMessageThatChangesItsStateIsNeverNowhere() throws InterruptedException {
    index.put("m", State.READY);
    index.put("always", State.FAILED);
    AtomicBoolean done = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 100_000; i++) {
                    index.put("m", State.BUSY);
                    index.put("m", State.READY);
                    index.put("always", State.FAILED);
                  }
                  done.set(true);
                });
    while (!done.get()) {
      assertThat(index.find(ID)).isPresent();
      assertThat(index.list(State.FAILED, null, 1)).hasSize(1);
    }
    writer.join();
    assertThat(index.count(State.READY)).isOne();
    assertThat(index.count(State.BUSY)).isZero();
    assertThat(index.count(State.FAILED)).isOne();
  }

  @Test
  void aMessageThatIsPutOffAgainIsDueAtTheLaterTimeOnly() {
    Instant now = Instant.EPOCH.plusSeconds(100);
    index.defer("m", now);
    index.defer("m", now.plusSeconds(10));
    index.defer("m", now.plusSeconds(10));
    assertThat(index.due(now)).isEmpty();
    assertThat(index.due(now.plusSeconds(10))).containsExactly("m");
    assertThat(index.due(now.plusSeconds(10))).isEmpty();
    assertThat(index.count(State.DEFERRED)).isZero();
    assertThat(index.count(State.READY)).isOne();
  }
}
