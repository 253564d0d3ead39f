package io.stagepost.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.james.mime4j.dom.BinaryBody;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.message.BodyPartBuilder;
import org.apache.james.mime4j.stream.RawField;

/**
 * A file that goes with a message, read only while the message is written.
 *
 * @param name how the receiver is to call it
 * @param type its media type, for instance {@code application/pdf}
 */
public record Attachment(String name, String type, Source source) {

  private static final String ANY_TYPE = "application/octet-stream";

  /** Where the octets come from; opened once. */
  public interface Source {
    /** Opens it. */
    InputStream open() throws IOException;
  }

  /** A file under its own name; what type it has is guessed by that name. */
  public static Attachment of(Path file) {
    String name = String.valueOf(file.getFileName());
    String type =
        Optional.ofNullable(URLConnection.guessContentTypeFromName(name)).orElse(ANY_TYPE);
    return new Attachment(name, type, () -> Files.newInputStream(file));
  }

  Entity entity() throws FieldException {
    FieldText.check("attachment", name);
    FieldText.check("attachment", type);
    if (!type.matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")) {
      throw new FieldException("attachment", "invalid media type");
    }
    BodyPartBuilder part = BodyPartBuilder.create();
    part.setBody(new Streamed(source));
    part.setContentType(type);
    part.setContentTransferEncoding("base64");
    if (name.chars().allMatch(c -> c >= 32 && c < 127)) {
      part.setContentDisposition("attachment", name);
    } else {
      // RFC 2231 §4, which the library reads and doesn't write.
      String encoded =
          URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
      part.setField(new RawField("Content-Disposition", "attachment; filename*=UTF-8''" + encoded));
    }
    return part.build();
  }

  private static final class Streamed extends BinaryBody {

    private final Source source;

    private Streamed(Source source) {
      this.source = source;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return source.open();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      try (InputStream in = source.open()) {
        in.transferTo(out);
      }
    }
  }
}
