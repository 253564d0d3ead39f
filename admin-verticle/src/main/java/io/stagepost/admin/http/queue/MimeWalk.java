package io.stagepost.admin.http.queue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.field.ContentDispositionFieldLenientImpl;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeTokenStream;

/**
 * Goes through the parts of a message, without ever holding one: up to 200 parts and ten levels
 * deep, so that neither a nest of thousands nor a crowd of them costs more. Blocking.
 */
final class MimeWalk {

  static final int MOST_PARTS = 200;
  static final int DEEPEST = 10;

  private final MimeTokenStream tokens = new MimeTokenStream(MessageHead.config());
  private final Deque<Integer> numbers = new ArrayDeque<>();
  private String disposition = "";
  private String contentId = "";
  private int parts;

  /**
   * A part that has no parts itself.
   *
   * @param number as {@code 1.2}, or {@code 1} when the message has but one
   * @param type its media type in lower case
   * @param isAttachment whether its sender wants it shown as one
   */
  record Part(
      String number,
      String type,
      String charset,
      Optional<String> name,
      Optional<String> contentId,
      boolean isAttachment) {}

  /** Is given each part. */
  interface Visitor {

    /** Reads a part, decoded; returns whether to go on. */
    boolean visit(Part part, InputStream content) throws IOException;
  }

  /** Whether all parts were visited. */
  boolean walk(InputStream message, Visitor visitor) throws IOException {
    tokens.parse(message);
    try {
      for (EntityState state = tokens.getState();
          state != EntityState.T_END_OF_STREAM;
          state = tokens.next()) {
        switch (state) {
          case T_START_HEADER -> {
            disposition = "";
            contentId = "";
          }
          case T_FIELD -> field(tokens.getField());
          case T_START_MULTIPART -> {
            if (numbers.size() == DEEPEST) {
              return false;
            }
            numbers.push(0);
          }
          case T_START_BODYPART -> numbers.push(numbers.pop() + 1);
          case T_END_MULTIPART -> numbers.pop();
          case T_BODY -> {
            if (++parts > MOST_PARTS) {
              return false;
            }
            if (!visitor.visit(part(), tokens.getDecodedInputStream())) {
              return true;
            }
          }
          default -> {}
        }
      }
      return true;
    } catch (MimeException e) {
      return false;
    }
  }

  private void field(Field field) {
    String name = field.getName().toLowerCase(Locale.ROOT);
    if (name.equals("content-disposition")) {
      disposition = String.valueOf(field.getBody());
    } else if (name.equals("content-id")) {
      contentId = String.valueOf(field.getBody()).strip().replaceAll("^<|>$", "");
    }
  }

  private Part part() {
    BodyDescriptor descriptor = tokens.getBodyDescriptor();
    StringBuilder number = new StringBuilder();
    numbers.descendingIterator().forEachRemaining(n -> number.append('.').append(n));
    var parsed =
        ContentDispositionFieldLenientImpl.PARSER.parse(
            new org.apache.james.mime4j.stream.RawField("Content-Disposition", disposition),
            DecodeMonitor.SILENT);
    String type =
        descriptor.getMimeType() == null
            ? "application/octet-stream"
            : descriptor.getMimeType().toLowerCase(Locale.ROOT);
    Optional<String> name =
        Optional.ofNullable(parsed.getFilename())
            .map(text -> DecoderUtil.decodeEncodedWords(text, DecodeMonitor.SILENT))
            .map(text -> text.replaceAll("[\\p{Cntrl}/\\\\]", "_"))
            .map(text -> text.length() > 255 ? text.substring(0, 255) : text)
            .filter(text -> !text.isBlank());
    boolean isText = type.equals("text/plain") || type.equals("text/html");
    return new Part(
        number.isEmpty() ? "1" : number.substring(1),
        type,
        descriptor.getCharset() == null ? "us-ascii" : descriptor.getCharset(),
        name,
        Optional.of(contentId).filter(id -> !id.isEmpty()),
        parsed.isAttachment() || (!isText && contentId.isEmpty()) || (isText && name.isPresent()));
  }
}
