package io.stagepost.admin.http.queue;

import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool;
import io.stagepost.spool.SpoolReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.util.MimeUtil;

/**
 * The header of a message: the first 500 fields within 256 KiB.
 *
 * @param whole whether that is all of it
 */
record MessageHead(List<HeadField> fields, boolean whole) {

  private static final int MOST_OCTETS = 256 << 10;
  private static final int SUBJECT_OCTETS = 64 << 10;
  private static final int MOST_FIELDS = 500;
  private static final int LONGEST_VALUE = 64 << 10;

  /** A field, decoded and unfolded. */
  record HeadField(String name, String value) {}

  /** Copies the list. */
  MessageHead {
    fields = List.copyOf(fields);
  }

  /** Reads that of a message; empty when there is none of that id. */
  static Future<Optional<MessageHead>> read(Vertx vertx, Spool spool, MessageId id) {
    return read(vertx, spool, id, MOST_OCTETS);
  }

  /** The subject alone; empty when there is none, or none near the beginning. */
  static Future<String> subject(Vertx vertx, Spool spool, MessageId id) {
    return read(vertx, spool, id, SUBJECT_OCTETS)
        .map(
            head ->
                head.flatMap(
                        found ->
                            found.fields().stream()
                                .filter(field -> field.name().equalsIgnoreCase("Subject"))
                                .findFirst())
                    .map(HeadField::value)
                    .orElse(""))
        // It has just gone, or its content is missing.
        .otherwise("");
  }

  private static Future<Optional<MessageHead>> read(
      Vertx vertx, Spool spool, MessageId id, int most) {
    return spool
        .content(id)
        .compose(
            content ->
                content.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : collect(content.get(), Buffer.buffer(), most)
                        .eventually(content.get()::close)
                        .compose(octets -> parse(vertx, octets, most)));
  }

  private static Future<Optional<MessageHead>> parse(Vertx vertx, Buffer octets, int most) {
    return vertx.executeBlocking(
        () -> Optional.of(parse(octets.getBytes(), octets.length() >= most)), false);
  }

  private static Future<Buffer> collect(SpoolReader reader, Buffer sofar, int most) {
    return reader
        .read()
        .compose(
            piece -> {
              if (piece.length() == 0) {
                return Future.succeededFuture(sofar);
              }
              sofar.appendBuffer(piece);
              return sofar.length() >= most || isHeaderWhole(sofar)
                  ? Future.succeededFuture(sofar)
                  : collect(reader, sofar, most);
            });
  }

  private static boolean isHeaderWhole(Buffer octets) {
    for (int i = 0; i + 3 < octets.length(); i++) {
      if (octets.getByte(i) == '\r' && octets.getInt(i) == 0x0d0a0d0a) {
        return true;
      }
    }
    return false;
  }

  private static MessageHead parse(byte[] octets, boolean cut) {
    List<HeadField> fields = new ArrayList<>();
    MimeTokenStream tokens = new MimeTokenStream(config());
    tokens.parse(new ByteArrayInputStream(octets));
    boolean whole = true;
    try {
      for (EntityState state = tokens.getState();
          state != EntityState.T_END_HEADER && state != EntityState.T_END_OF_STREAM;
          state = tokens.next()) {
        if (state == EntityState.T_FIELD) {
          if (fields.size() == MOST_FIELDS) {
            return new MessageHead(fields, false);
          }
          fields.add(field(tokens.getField()));
        }
      }
      whole = !cut || tokens.getState() == EntityState.T_END_HEADER;
    } catch (IOException | MimeException e) {
      whole = false;
    }
    return new MessageHead(fields, whole);
  }

  private static HeadField field(Field field) {
    String body = MimeUtil.unfold(field.getBody() == null ? "" : field.getBody()).strip();
    String text = DecoderUtil.decodeEncodedWords(body, DecodeMonitor.SILENT);
    return new HeadField(
        field.getName(), text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) : text);
  }

  static MimeConfig config() {
    return new MimeConfig.Builder()
        .setMaxLineLen(-1)
        .setMaxHeaderLen(LONGEST_VALUE)
        .setMaxHeaderCount(2 * MOST_FIELDS)
        .setMalformedHeaderStartsBody(true)
        .build();
  }
}
