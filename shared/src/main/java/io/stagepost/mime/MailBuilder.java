package io.stagepost.mime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.field.Fields;
import org.apache.james.mime4j.message.BasicBodyFactory;
import org.apache.james.mime4j.message.BodyPartBuilder;
import org.apache.james.mime4j.message.DefaultMessageWriter;
import org.apache.james.mime4j.message.MultipartBuilder;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.NameValuePair;
import org.apache.james.mime4j.stream.RawField;
import org.jspecify.annotations.Nullable;

/**
 * Builds a MIME message from fields, texts and attachments; attachments are never held in memory.
 *
 * <p>No value can forge a field: line ends are refused by a {@link FieldException} that names the
 * field.
 */
public final class MailBuilder {

  private static final int LONGEST_LINE = 998; // RFC 5322 §2.1.1
  private static final List<String> OURS =
      List.of("mime-version", "content-type", "content-transfer-encoding", "content-disposition");

  private final List<Field> fields = new ArrayList<>();
  private final List<Attachment> attachments = new ArrayList<>();
  private @Nullable String text;
  private @Nullable String html;

  /**
   * Adds a field of addresses, for instance To; their domains are written as A-labels.
   *
   * @throws FieldException when one of them is none
   */
  public MailBuilder addresses(String field, List<MailAddress> addresses) throws FieldException {
    FieldText.checkName(field);
    List<String> written = new ArrayList<>();
    for (MailAddress each : addresses) {
      FieldText.check(field, each.name());
      String address =
          EnvelopeAddress.of(each.address())
              .orElseThrow(() -> new FieldException(field, "invalid address"));
      written.add(new MailAddress(each.name(), address).text());
    }
    fields.add(new RawField(field, String.join(", ", written)));
    return this;
  }

  /**
   * Adds a field of plain text, for instance Subject.
   *
   * @throws FieldException when the name is none, is one of MIME's own, or the text has line ends
   */
  public MailBuilder field(String name, String value) throws FieldException {
    FieldText.checkName(name);
    FieldText.check(name, value);
    if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new FieldException(name, "follows from the parts of the message");
    }
    String encoded =
        EncoderUtil.encodeIfNecessary(
            value, EncoderUtil.Usage.TEXT_TOKEN, Math.min(name.length() + 2, 50));
    fields.add(new RawField(name, encoded));
    return this;
  }

  /** Adds the Date field. */
  public MailBuilder date(Date date) {
    fields.add(Fields.date("Date", date, TimeZone.getDefault()));
    return this;
  }

  /** Whether there is a field of that name. */
  public boolean has(String name) {
    return fields.stream().anyMatch(field -> field.getName().equalsIgnoreCase(name));
  }

  /** Sets the text. */
  public MailBuilder text(String body) {
    text = body;
    return this;
  }

  /** Sets the same in HTML. */
  public MailBuilder html(String body) {
    html = body;
    return this;
  }

  /** Adds an attachment. */
  public MailBuilder attach(Attachment attachment) {
    attachments.add(attachment);
    return this;
  }

  /**
   * Writes the message.
   *
   * @throws FieldException when an attachment has an impossible name or type
   */
  public void write(OutputStream out) throws IOException, FieldException {
    Entity content = content();
    Message.Builder message = Message.Builder.of();
    fields.forEach(message::addField);
    message.addField(Fields.version("1.0"));
    message.setBody(content.getBody());
    message.removeFields("Content-Type");
    content.getHeader().getFields().forEach(message::setField);
    new DefaultMessageWriter().writeMessage(message.build(), out);
  }

  private Entity content() throws IOException, FieldException {
    List<Entity> texts = new ArrayList<>();
    String plain = text;
    String rich = html;
    if (plain != null || rich == null) {
      texts.add(textPart("plain", plain == null ? "" : plain));
    }
    if (rich != null) {
      texts.add(textPart("html", rich));
    }
    Entity shown = texts.size() == 1 ? texts.getFirst() : multipart("alternative", texts);
    if (attachments.isEmpty()) {
      return shown;
    }
    List<Entity> parts = new ArrayList<>();
    parts.add(shown);
    for (Attachment attachment : attachments) {
      parts.add(attachment.entity());
    }
    return multipart("mixed", parts);
  }

  private static Entity multipart(String subtype, List<Entity> parts) {
    MultipartBuilder multipart = MultipartBuilder.create(subtype);
    parts.forEach(multipart::addBodyPart);
    return BodyPartBuilder.create().setBody(multipart.build()).build();
  }

  private static Entity textPart(String subtype, String body) throws IOException {
    String lines = body.lines().map(line -> line + "\r\n").collect(Collectors.joining());
    boolean ascii = lines.chars().allMatch(c -> c > 0 && c < 128);
    boolean shortLines = body.lines().allMatch(line -> line.length() <= LONGEST_LINE);
    BodyPartBuilder part = BodyPartBuilder.create();
    part.setBody(new BasicBodyFactory().textBody(lines, StandardCharsets.UTF_8));
    part.setContentType(
        "text/" + subtype, new NameValuePair("charset", ascii ? "us-ascii" : "utf-8"));
    part.setContentTransferEncoding(ascii && shortLines ? "7bit" : "quoted-printable");
    return part.build();
  }
}
