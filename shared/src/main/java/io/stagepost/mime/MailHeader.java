package io.stagepost.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The header of a message (RFC 5322 §2.2): fields in their order, kept octet by octet.
 *
 * <p>At most 16 MiB, which is more than a hundred thousand recipients.
 */
public final class MailHeader {

  private static final int LIMIT = 16 << 20;
  private static final byte[] CRLF = {'\r', '\n'};

  private final List<HeaderField> fields;

  private MailHeader(List<HeaderField> fields) {
    this.fields = List.copyOf(fields);
  }

  /**
   * Reads fields up to an empty line or the end, folded ones and all; the body is left in the
   * lines.
   *
   * @throws MailSyntaxException when something is no field
   * @throws IOException also when the header is longer than the limit
   */
  public static MailHeader read(TextLines lines, HeaderRule rule)
      throws IOException, MailSyntaxException {
    List<HeaderField> fields = new ArrayList<>();
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    int first = 0;
    int left = LIMIT;
    for (byte[] line = lines.next(left); line != null && line.length > 0; line = lines.next(left)) {
      left -= line.length;
      boolean goesOn = (line[0] == ' ' || line[0] == '\t') && field.size() > 0;
      if (!goesOn && !isField(line)) {
        if (rule == HeaderRule.LENIENT && lines.number() == 1 && isSeparator(line)) {
          continue;
        } else if (rule == HeaderRule.LENIENT) {
          lines.pushBack(line);
          break;
        }
        throw new MailSyntaxException("invalid header field", lines.number());
      }
      if (contains(line, (byte) 0)) {
        throw new MailSyntaxException("NUL in the header", lines.number());
      }
      if (goesOn) {
        field.writeBytes(CRLF);
      } else {
        add(fields, field, first);
        first = lines.number();
      }
      field.writeBytes(line);
    }
    add(fields, field, first);
    return new MailHeader(fields);
  }

  private static void add(List<HeaderField> fields, ByteArrayOutputStream field, int line) {
    if (field.size() > 0) {
      fields.add(HeaderField.written(field.toByteArray(), line));
      field.reset();
    }
  }

  // A name, blanks that RFC 5322 §4.5 knows as obsolete, and a colon.
  private static boolean isField(byte[] line) {
    int at = 0;
    while (at < line.length && HeaderField.isNameCharacter(line[at])) {
      at++;
    }
    int end = at;
    while (end < line.length && (line[end] == ' ' || line[end] == '\t')) {
      end++;
    }
    return at > 0 && end < line.length && line[end] == ':';
  }

  private static boolean isSeparator(byte[] line) {
    String text = new String(line, StandardCharsets.ISO_8859_1);
    return text.startsWith("From ") || text.startsWith(">From ");
  }

  private static boolean contains(byte[] line, byte wanted) {
    for (byte b : line) {
      if (b == wanted) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a field of that name. */
  public boolean has(String name) {
    return fields.stream().anyMatch(field -> field.is(name));
  }

  /**
   * The addresses of all fields of a name, in their order.
   *
   * @throws MailSyntaxException when one is no list of addresses
   */
  public List<MailAddress> addresses(String name) throws MailSyntaxException {
    List<MailAddress> found = new ArrayList<>();
    for (HeaderField field : fields) {
      if (field.is(name)) {
        try {
          found.addAll(MailAddress.parseList(field.name(), field.body()));
        } catch (FieldException e) {
          throw new MailSyntaxException(String.valueOf(e.getMessage()), field.line());
        }
      }
    }
    return List.copyOf(found);
  }

  /** The same without the fields of a name. */
  public MailHeader without(String name) {
    return new MailHeader(fields.stream().filter(field -> !field.is(name)).toList());
  }

  /**
   * The same with one more field on top.
   *
   * @throws FieldException when name or text would forge others
   */
  public MailHeader withFirst(String name, String text) throws FieldException {
    List<HeaderField> all = new ArrayList<>();
    all.add(field(name, text));
    all.addAll(fields);
    return new MailHeader(all);
  }

  /**
   * The same with a field in place of all those of its name, where the first of them stood.
   *
   * @param spelled the name as it is to be written
   * @throws FieldException when name or text would forge others
   */
  public MailHeader withInstead(String spelled, String text) throws FieldException {
    @Nullable HeaderField instead = field(spelled, text);
    List<HeaderField> all = new ArrayList<>();
    for (HeaderField each : fields) {
      if (!each.is(spelled)) {
        all.add(each);
      } else if (instead != null) {
        all.add(instead);
        instead = null;
      }
    }
    return new MailHeader(all);
  }

  private static HeaderField field(String name, String text) throws FieldException {
    FieldText.checkName(name);
    FieldText.check(name, text);
    return HeaderField.of(name, text);
  }

  /** What the first field of a name says, unfolded. */
  public Optional<String> text(String name) {
    return fields.stream().filter(field -> field.is(name)).map(HeaderField::body).findFirst();
  }

  /** Writes the fields and the empty line after them. */
  public void write(OutputStream out) throws IOException {
    for (HeaderField field : fields) {
      out.write(field.raw().toByteArray());
      out.write(CRLF);
    }
    out.write(CRLF);
  }
}
