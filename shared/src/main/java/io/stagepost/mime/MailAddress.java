package io.stagepost.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.mime4j.dom.address.AddressList;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.DefaultAddressParser;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.apache.james.mime4j.field.address.ParseException;
import org.apache.james.mime4j.stream.ParserCursor;
import org.apache.james.mime4j.util.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One address of a header (RFC 5322 §3.4, RFC 6532).
 *
 * @param name the display name, decoded, or empty
 * @param address as it goes into an envelope, the domain as written: {@code local@domain}, or a
 *     bare local name
 */
public record MailAddress(String name, String address) {

  /**
   * Reads a list of addresses: groups and comments are understood, bare local names allowed.
   *
   * @param field what the list stands in, for the message
   * @throws FieldException when it is no such list
   */
  public static List<MailAddress> parseList(String field, String text) throws FieldException {
    FieldText.check(field, text);
    try {
      return all(DefaultAddressParser.DEFAULT.parseAddressList(text));
    } catch (ParseException e) {
      List<MailAddress> found = bareNames(text);
      if (found == null) {
        throw new FieldException(field, "invalid address list");
      }
      return found;
    }
  }

  /** The same as a header has it, the name encoded where it must be (RFC 2047). */
  public String text() {
    return name.isEmpty()
        ? address
        : EncoderUtil.encodeAddressDisplayName(name) + " <" + address + ">";
  }

  /** A bare local name at a domain; any other address stays. */
  public MailAddress at(String domain) {
    return address.indexOf('@') < 0 ? new MailAddress(name, address + "@" + domain) : this;
  }

  // The lenient parser never fails and joins what doesn't belong together, so only what stands in
  // the text in one piece is believed.
  private static @Nullable List<MailAddress> bareNames(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    AddressList parsed =
        LenientAddressParser.DEFAULT.parseAddressList(
            new ByteArrayBuffer(octets, true), new ParserCursor(0, octets.length));
    List<MailAddress> found = new ArrayList<>();
    for (Mailbox mailbox : parsed.flatten()) {
      String local = String.valueOf(mailbox.getLocalPart());
      String domain = mailbox.getDomain();
      String address = domain == null ? local : local + "@" + domain;
      boolean whole = mailbox.getLocalPart() != null && isWord(local) && text.contains(address);
      if (!whole || (domain != null && !isWord(domain))) {
        return null;
      }
      found.add(new MailAddress(orEmpty(mailbox.getName()), address));
    }
    return found.isEmpty() ? null : List.copyOf(found);
  }

  private static boolean isWord(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(c -> c > 32 && c < 127 && "()<>@,;:\\\"[]".indexOf(c) < 0);
  }

  private static List<MailAddress> all(AddressList parsed) {
    return parsed.flatten().stream()
        .map(
            m ->
                new MailAddress(
                    orEmpty(m.getName()), quoted(m.getLocalPart()) + "@" + m.getDomain()))
        .toList();
  }

  // The library would put quotes around anything beyond ASCII.
  private static String quoted(String local) {
    String ascii = local.replaceAll("[^\\x00-\\x7f]", "x");
    return EncoderUtil.encodeAddressLocalPart(ascii).equals(ascii)
        ? local
        : EncoderUtil.encodeAddressLocalPart(local);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
