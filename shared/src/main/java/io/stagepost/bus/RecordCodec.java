package io.stagepost.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/** Carries an immutable message: as it is within a process, as JSON between processes. */
final class RecordCodec<T> implements MessageCodec<T, T> {

  private final String name;
  private final Function<T, JsonObject> writer;
  private final Function<JsonObject, T> reader;

  RecordCodec(Class<T> type, Function<T, JsonObject> writer, Function<JsonObject, T> reader) {
    this.name = "stagepost." + type.getSimpleName();
    this.writer = writer;
    this.reader = reader;
  }

  @Override
  public void encodeToWire(Buffer buffer, T message) {
    Buffer json = writer.apply(message).toBuffer();
    buffer.appendInt(json.length()).appendBuffer(json);
  }

  @Override
  public T decodeFromWire(int pos, Buffer buffer) {
    int length = buffer.getInt(pos);
    return reader.apply(new JsonObject(buffer.getBuffer(pos + 4, pos + 4 + length)));
  }

  @Override
  public T transform(T message) {
    return message;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte systemCodecID() {
    return -1; // a user codec
  }
}
