package io.stagepost.admin.http.inject;

import io.stagepost.admin.http.api.ApiProblem;
import io.stagepost.mime.Attachment;
import io.stagepost.mime.EnvelopeAddress;
import io.stagepost.mime.FieldException;
import io.stagepost.mime.MailAddress;
import io.stagepost.mime.MailBuilder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes a message of what a program says about it. Blocking. */
final class Composer {

  private static final Set<String> NOT_TO_BE_GIVEN =
      Set.of("from", "to", "cc", "bcc", "reply-to", "subject", "received", "return-path");

  private final JsonObject wanted;
  private final String messageId;

  /**
   * Says what is wanted.
   *
   * @param messageId for a message that brings none, with its angle brackets
   */
  Composer(JsonObject wanted, String messageId) {
    this.wanted = wanted;
    this.messageId = messageId;
  }

  /** A message to be sent. */
  record Composed(String reversePath, List<String> recipients, Buffer content) {}

  /**
   * Makes it.
   *
   * @throws ApiProblem that names the field when one is wrong
   */
  Composed compose() throws IOException {
    MailAddress from = address("/from", wanted.getString("from"));
    List<MailAddress> to = addresses("to");
    List<MailAddress> cc = addresses("cc");
    List<MailAddress> bcc = addresses("bcc");
    List<MailAddress> replyTo = addresses("replyTo");
    Set<String> recipients = new LinkedHashSet<>();
    for (List<MailAddress> some : List.of(to, cc, bcc)) {
      some.forEach(each -> recipients.add(envelope("/to", each.address())));
    }
    if (recipients.isEmpty()) {
      throw ApiProblem.field("/to", "at least one recipient is needed in to, cc or bcc");
    }
    MailBuilder builder = new MailBuilder();
    put(builder, "/from", "From", List.of(from));
    put(builder, "/to", "To", to);
    put(builder, "/cc", "Cc", cc);
    put(builder, "/replyTo", "Reply-To", replyTo);
    field(builder, "/subject", "Subject", wanted.getString("subject", ""));
    further(builder);
    if (!builder.has("Date")) {
      field(
          builder,
          "/headers",
          "Date",
          DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneId.systemDefault())));
    }
    if (!builder.has("Message-ID")) {
      field(builder, "/headers", "Message-ID", messageId);
    }
    String text = wanted.getString("text");
    String html = wanted.getString("html");
    if (text != null) {
      builder.text(text);
    }
    if (html != null) {
      builder.html(html);
    }
    attach(builder);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      builder.write(out);
    } catch (FieldException e) {
      throw ApiProblem.field("/attachments", plain(e));
    }
    String reverse = wanted.getString("envelopeFrom");
    String path =
        reverse == null
            ? envelope("/from", from.address())
            : reverse.isEmpty() ? "" : envelope("/envelopeFrom", reverse);
    return new Composed(path, List.copyOf(recipients), Buffer.buffer(out.toByteArray()));
  }

  private List<MailAddress> addresses(String name) {
    JsonArray texts = wanted.getJsonArray(name, new JsonArray());
    List<MailAddress> all = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      all.add(address("/" + name + "/" + i, texts.getString(i)));
    }
    return all;
  }

  private static MailAddress address(String pointer, String text) {
    try {
      List<MailAddress> parsed = MailAddress.parseList("address", text);
      if (parsed.size() != 1) {
        throw ApiProblem.field(pointer, "is not one address");
      }
      envelope(pointer, parsed.getFirst().address());
      return parsed.getFirst();
    } catch (FieldException e) {
      throw ApiProblem.field(pointer, plain(e));
    }
  }

  /**
   * An address as an envelope has it.
   *
   * @throws ApiProblem when it can't have it
   */
  static String envelope(String field, String address) {
    if (address.indexOf('@') < 0) {
      throw ApiProblem.field(field, "has no domain: " + shortened(address));
    }
    return EnvelopeAddress.of(address)
        .orElseThrow(() -> ApiProblem.field(field, "is no address: " + shortened(address)));
  }

  private static String shortened(String text) {
    String safe = text.replaceAll("\\p{Cntrl}", "?");
    return safe.length() > 100 ? safe.substring(0, 100) + "..." : safe;
  }

  private static void put(
      MailBuilder builder, String pointer, String name, List<MailAddress> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    try {
      builder.addresses(name, addresses);
    } catch (FieldException e) {
      throw ApiProblem.field(pointer, plain(e));
    }
  }

  private static void field(MailBuilder builder, String pointer, String name, String value) {
    try {
      builder.field(name, value);
    } catch (FieldException e) {
      throw ApiProblem.field(pointer, plain(e));
    }
  }

  private void further(MailBuilder builder) {
    JsonObject headers = wanted.getJsonObject("headers", new JsonObject());
    for (String name : headers.fieldNames()) {
      String pointer = "/headers/" + shortened(name).replace("~", "~0").replace("/", "~1");
      if (NOT_TO_BE_GIVEN.contains(name.toLowerCase(Locale.ROOT))) {
        throw ApiProblem.field(pointer, "can't be given as a header");
      }
      field(builder, pointer, name, headers.getString(name));
    }
  }

  private void attach(MailBuilder builder) {
    JsonArray attachments = wanted.getJsonArray("attachments", new JsonArray());
    for (int i = 0; i < attachments.size(); i++) {
      String pointer = "/attachments/" + i;
      JsonObject one = attachments.getJsonObject(i);
      byte[] octets = decoded(pointer + "/content", one.getString("content"));
      String name = one.getString("name");
      String type = one.getString("type", "application/octet-stream");
      if ((name + type).chars().anyMatch(Character::isISOControl)) {
        throw ApiProblem.field(pointer, "has a control character in its name or type");
      }
      builder.attach(new Attachment(name, type, () -> new ByteArrayInputStream(octets)));
    }
  }

  private static byte[] decoded(String pointer, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw ApiProblem.field(pointer, "is not base64");
    }
  }

  private static String plain(FieldException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", "?");
  }
}
