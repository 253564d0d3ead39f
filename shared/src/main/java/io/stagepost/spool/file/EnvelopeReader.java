package io.stagepost.spool.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.smtp.BodyType;
import io.stagepost.smtp.Xtext;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.MailboxNames;
import io.stagepost.spool.Envelope.Origin;
import io.stagepost.spool.Envelope.Recipients;
import io.stagepost.spool.Envelope.Routing;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads envelope files of the formats {@code #2821.3} to {@code #2821.8}. */
final class EnvelopeReader {

  /**
   * What a file held.
   *
   * @param lineEnd of the file, for appending
   * @param committed the content's size given by a commit mark
   */
  record Parsed(Envelope envelope, String lineEnd, OptionalLong committed) {}

  /** The file can't be understood. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String reason) {
      super("cannot read envelope file: " + reason);
    }
  }

  private final List<String> lines;
  private int next;

  private EnvelopeReader(List<String> lines) {
    this.lines = lines;
  }

  static Parsed parse(byte[] file) throws UnreadableException {
    String text = decode(file);
    List<String> lines = text.lines().toList();
    String lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
    return new EnvelopeReader(lines).read(lineEnd);
  }

  // Mailbox names are stored raw: UTF-8 by SMTPUTF8, anything in old files.
  private static String decode(byte[] file) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
    } catch (CharacterCodingException e) {
      return new String(file, ISO_8859_1);
    }
  }

  private Parsed read(String lineEnd) throws UnreadableException {
    String id = field("Format");
    int version = version(id);
    BodyType body = BodyType.ofEnvelopeWord(field("Content"));
    String from = field("From");
    Recipients recipients = recipients(field("ToCount"));
    String authentication = text(field("Authentication"));
    String client = field("Client");
    if (version == 4) {
      field("ClientName");
    }
    String certificate = version >= 4 ? certificate() : "";
    String authIn = version >= 5 ? xtext(field("MailFromAuthIn")) : "";
    String authOut = version >= 5 ? xtext(field("MailFromAuthOut")) : "";
    String forwardTo = version >= 6 ? text(field("ForwardTo")) : "";
    String forwardToAddress = version >= 6 ? field("ForwardToAddress") : "";
    String selector = version >= 8 ? field("ClientAccountSelector") : "";
    boolean utf8 = version >= 7 && field("Utf8MailboxNames").equals("1");
    if (next >= lines.size() || !isField(lines.get(next), "End")) {
      throw new UnreadableException("no end line");
    }
    field("End");
    Trailer trailer = Trailer.of(lines.subList(next, lines.size()));
    Envelope envelope =
        new Envelope(
            body,
            from,
            recipients,
            new Origin(authentication, client, certificate, authIn),
            new Routing(authOut, forwardTo, forwardToAddress, selector),
            utf8 ? MailboxNames.UTF8 : MailboxNames.ASCII,
            trailer.dsn(),
            trailer.others());
    return new Parsed(envelope, lineEnd, trailer.committed());
  }

  private static int version(String id) throws UnreadableException {
    String stem = "#2821.";
    if (id.length() == stem.length() + 1 && id.startsWith(stem)) {
      int version = id.charAt(stem.length()) - '0';
      if (version >= 3 && version <= 8) {
        return version;
      }
    }
    throw new UnreadableException("unknown format id: " + EnvelopeFormat.printable(id));
  }

  private Recipients recipients(String count) throws UnreadableException {
    int n;
    try {
      n = Integer.parseInt(count);
    } catch (NumberFormatException e) {
      throw new UnreadableException("bad 'to' count");
    }
    List<String> local = new ArrayList<>();
    List<String> remote = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (next < lines.size() && isField(lines.get(next), "To-Local")) {
        local.add(field("To-Local"));
      } else if (next < lines.size() && isField(lines.get(next), "To-Remote")) {
        remote.add(field("To-Remote"));
      } else {
        throw new UnreadableException("bad 'to' line");
      }
    }
    return new Recipients(local, remote);
  }

  private String field(String name) throws UnreadableException {
    return String.join("", fieldLines(name)).strip();
  }

  private String certificate() throws UnreadableException {
    StringBuilder pem = new StringBuilder();
    for (String line : fieldLines("ClientCertificate")) {
      if (!line.isBlank()) {
        pem.append(line.strip()).append('\n');
      }
    }
    return pem.toString();
  }

  private List<String> fieldLines(String name) throws UnreadableException {
    if (next >= lines.size() || !isField(lines.get(next), name)) {
      throw new UnreadableException("expected \"" + EnvelopeFormat.PREFIX + name + ":\"");
    }
    List<String> value = new ArrayList<>();
    value.add(lines.get(next++).substring(EnvelopeFormat.PREFIX.length() + name.length() + 1));
    while (next < lines.size() && isContinuation(lines.get(next))) {
      value.add(lines.get(next++));
    }
    return value;
  }

  private static boolean isContinuation(String line) {
    return !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
  }

  private static boolean isField(String line, String name) {
    int colon = EnvelopeFormat.PREFIX.length() + name.length();
    return line.length() > colon
        && line.charAt(colon) == ':'
        && line.startsWith(EnvelopeFormat.PREFIX)
        && line.startsWith(name, EnvelopeFormat.PREFIX.length());
  }

  private static String text(String value) {
    return Xtext.isValid(value) ? Xtext.decode(value) : value;
  }

  private static String xtext(String value) throws UnreadableException {
    if (!value.equals("+") && !Xtext.isValid(value)) {
      throw new UnreadableException("bad xtext");
    }
    return value;
  }

  /** The lines after the end, told apart into ours and others. */
  private record Trailer(DsnRequest dsn, List<String> others, OptionalLong committed) {

    static Trailer of(List<String> lines) {
      String ret = "";
      String envelopeId = "";
      List<DsnRequest.Recipient> recipients = new ArrayList<>();
      List<String> others = new ArrayList<>();
      OptionalLong committed = OptionalLong.empty();
      for (String line : lines) {
        String value = line.substring(Math.min(line.length(), line.indexOf(':') + 1)).strip();
        if (isField(line, EnvelopeFormat.DSN_RET)) {
          ret = value;
        } else if (isField(line, EnvelopeFormat.DSN_ENVID)) {
          envelopeId = value;
        } else if (isField(line, EnvelopeFormat.DSN_RECIPIENT)) {
          addRecipient(recipients, value);
        } else if (isField(line, EnvelopeFormat.COMMITTED)) {
          committed = number(value);
        } else {
          others.add(line);
        }
      }
      return new Trailer(new DsnRequest(ret, envelopeId, recipients), others, committed);
    }

    private static void addRecipient(List<DsnRequest.Recipient> recipients, String value) {
      String[] words = value.split(" ", 3);
      if (words.length == 3) {
        recipients.add(new DsnRequest.Recipient(words[2], orEmpty(words[0]), orEmpty(words[1])));
      }
    }

    private static String orEmpty(String word) {
      return word.equals(EnvelopeFormat.NOTHING) ? "" : word;
    }

    private static OptionalLong number(String value) {
      try {
        return OptionalLong.of(Long.parseLong(value));
      } catch (NumberFormatException e) {
        return OptionalLong.empty();
      }
    }
  }
}
