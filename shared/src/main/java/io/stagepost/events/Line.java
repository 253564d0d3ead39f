package io.stagepost.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A line of a segment: the published form of an event with its sequence number before all else. To
 * be used only while the reader shows it.
 */
final class Line {

  /** The most that {@link #write} adds to an event. */
  static final int EXTRA = 32;

  private static final byte[] HEAD = "{\"seq\":".getBytes(UTF_8);
  private static final byte[] ID = ",\"id\":\"".getBytes(UTF_8);

  private final byte[] octets;
  private final int start;
  private final int end;
  private final long offset;

  /**
   * What is between two offsets of an array.
   *
   * @param offset where it begins in its file
   */
  Line(byte[] octets, int start, int end, long offset) {
    this.octets = octets;
    this.start = start;
    this.end = end;
    this.offset = offset;
  }

  /** Adds a line for an event in its published form. */
  static void write(long sequence, Buffer json, ByteBuffer out) {
    out.put(HEAD).put(Long.toString(sequence).getBytes(UTF_8)).put((byte) ',');
    out.put(json.getBytes(1, json.length())).put((byte) '\n');
  }

  /** Where it begins in its file. */
  long offset() {
    return offset;
  }

  /** Where the next line begins. */
  long next() {
    return offset + end - start + 1;
  }

  /** The sequence number, or -1 when this is no whole line of an event. */
  long sequence() {
    if (end - start <= HEAD.length || octets[end - 1] != '}' || !matches(HEAD, start)) {
      return -1;
    }
    long number = 0;
    int at = start + HEAD.length;
    for (; at < end && octets[at] >= '0' && octets[at] <= '9'; at++) {
      number = number * 10 + octets[at] - '0';
    }
    return at < end && octets[at] == ',' && number > 0 ? number : -1;
  }

  /** The message's id, which may be empty. */
  String id() {
    for (int at = start; at + ID.length < end; at++) {
      if (octets[at] == ',' && matches(ID, at)) {
        return idAt(at + ID.length);
      }
    }
    return "";
  }

  private String idAt(int from) {
    for (int at = from; at < end; at++) {
      if (octets[at] == '"') {
        return new String(octets, from, at - from, UTF_8);
      }
      if (octets[at] == '\\') {
        return json().map(json -> json.getString("id", "")).orElse("");
      }
    }
    return "";
  }

  /** The event, or empty when it can't be understood. */
  Optional<JsonObject> json() {
    try {
      JsonObject json = new JsonObject(Buffer.buffer(octets).slice(start, end));
      json.remove("seq");
      return Optional.of(json);
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  private boolean matches(byte[] text, int at) {
    for (int i = 0; i < text.length; i++) {
      if (at + i >= end || octets[at + i] != text[i]) {
        return false;
      }
    }
    return true;
  }
}
