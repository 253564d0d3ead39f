package io.stagepost.admin.http.queue;

import io.stagepost.admin.http.queue.MimeWalk.Part;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/** What a reader sees of a message: its first text, its first HTML, and what else there is. */
final class MessageView {

  private static final int MOST_TEXT = 512 << 10;

  private final JsonArray parts = new JsonArray();
  private @Nullable String text;
  private @Nullable String html;
  private boolean truncated;

  /** Goes through a message; blocking. */
  JsonObject of(SpoolStream message) throws IOException {
    boolean whole = new MimeWalk().walk(message, this::visit);
    truncated |= !whole || message.wasCut();
    JsonObject json = new JsonObject();
    if (text != null) {
      json.put("text", text);
    }
    if (html != null) {
      json.put("html", html);
    }
    return json.put("parts", parts).put("truncated", truncated);
  }

  private boolean visit(Part part, InputStream content) throws IOException {
    JsonObject json =
        new JsonObject()
            .put("part", part.number())
            .put("type", part.type())
            .put("attachment", part.isAttachment());
    part.name().ifPresent(name -> json.put("name", name));
    part.contentId().ifPresent(id -> json.put("contentId", id));
    parts.add(json);
    byte[] begin = new byte[0];
    if (!part.isAttachment() && part.type().equals("text/plain") && text == null) {
      begin = content.readNBytes(MOST_TEXT);
      text = decode(begin, part.charset());
    } else if (!part.isAttachment() && part.type().equals("text/html") && html == null) {
      begin = content.readNBytes(MOST_TEXT);
      html = decode(begin, part.charset());
    }
    long rest = content.transferTo(java.io.OutputStream.nullOutputStream());
    truncated |= begin.length == MOST_TEXT && rest > 0;
    json.put("size", begin.length + rest);
    return true;
  }

  static String decode(byte[] octets, String charset) {
    Charset known;
    try {
      known = Charset.forName(charset);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      known = StandardCharsets.UTF_8;
    }
    // What says nothing or little about itself is most likely of this day.
    return new String(
        octets, known.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : known);
  }
}
