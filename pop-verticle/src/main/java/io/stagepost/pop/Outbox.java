package io.stagepost.pop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the client gets next: replies and pieces of messages, gathered so that many leave in one
 * write, and never copied. Owns what it is given until that is written.
 *
 * <p>Bound: who fills it flushes it when it {@link #isFull}.
 */
final class Outbox {

  private static final int FULL = 64 << 10;
  private static final int ROOM = 256;

  private final Connection connection;
  private final List<ByteBuf> waiting = new ArrayList<>();
  private @Nullable ByteBuf text;
  private int octets;

  Outbox(Connection connection) {
    this.connection = connection;
  }

  /** Adds a line, without its CRLF. */
  void line(String line) {
    ByteBuf end = text();
    ByteBufUtil.writeUtf8(end, line);
    end.writeByte('\r').writeByte('\n');
  }

  /** Where text can be added at the end, until anything else is done here. */
  ByteBuf text() {
    ByteBuf last = text;
    if (last == null) {
      last = PooledByteBufAllocator.DEFAULT.directBuffer(ROOM);
      waiting.add(last);
      text = last;
    }
    return last;
  }

  /** Adds a piece of a message. */
  void piece(ByteBuf piece) {
    waiting.add(piece);
    octets += piece.readableBytes();
    text = null;
  }

  /** Whether it is time to flush. */
  boolean isFull() {
    return octets + (text == null ? 0 : text.readableBytes()) >= FULL;
  }

  /** Sends everything. */
  void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    ByteBuf all =
        waiting.size() == 1
            ? waiting.getFirst()
            : Unpooled.wrappedBuffer(waiting.size(), waiting.toArray(ByteBuf[]::new));
    waiting.clear();
    octets = 0;
    text = null;
    connection.send(all);
  }
}
