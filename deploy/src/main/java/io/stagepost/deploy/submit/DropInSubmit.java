package io.stagepost.deploy.submit;

import static io.stagepost.deploy.submit.ToolOption.flag;
import static io.stagepost.deploy.submit.ToolOption.many;
import static io.stagepost.deploy.submit.ToolOption.one;
import static io.stagepost.deploy.submit.ToolOption.optional;

import io.stagepost.config.ProductVersion;
import io.stagepost.deploy.submit.Posting.Posted;
import io.stagepost.deploy.submit.Trouble.Kind;
import io.stagepost.mime.DotRule;
import io.stagepost.mime.EnvelopeAddress;
import io.stagepost.mime.FieldException;
import io.stagepost.mime.HeaderRule;
import io.stagepost.mime.MailAddress;
import io.stagepost.mime.MailHeader;
import io.stagepost.mime.MailSyntaxException;
import io.stagepost.mime.TextLines;
import io.stagepost.smtp.BodyType;
import io.stagepost.smtp.Xtext;
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.Origin;
import io.stagepost.spool.Envelope.Recipients;
import io.stagepost.spool.Envelope.Routing;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code emailrelay-submit}. */
final class DropInSubmit {

  private static final String SPOOL = "/var/spool/emailrelay";
  private static final String CLIENT = "127.0.0.1";

  private static final List<ToolOption> OPTIONS =
      List.of(
          flag("help", 'h', "this text"),
          flag("version", 'V', "the version, nothing else"),
          flag("verbose", 'v', "print the path of the content file"),
          flag("filename", 'n', "print its name"),
          one("spool-dir", 's', "dir", "where messages are kept [" + SPOOL + "]"),
          one("input-file", 'x', "file", "the message, instead of standard input"),
          flag("no-stdin", 'N', "don't read standard input"),
          many("content", 'C', "base64", "a line on top; an empty one ends the header"),
          flag("body", 'B', "the input is the body alone"),
          one("from", 'f', "address", "sender of the envelope"),
          many("to", (char) 0, "address", "recipient, as the words after the options are"),
          flag("content-to", 't', "write a To field from the envelope"),
          flag("content-from", 'F', "write a From field from the envelope"),
          flag("content-date", 'd', "write a Date field if there is none"),
          optional(
              "content-message-id", 'I', "domain", "write a Message-ID field if there is none"),
          flag("bcc-split", 'b', "a message of their own for each recipient of Bcc"),
          flag("copy", 'c', "put the envelope into each directory of the spool"),
          one("auth", 'a', "name", "authentication of the envelope"),
          one("from-auth-in", 'i', "name", "AUTH of MAIL as if received"),
          one("from-auth-out", 'o', "name", "AUTH of MAIL to be sent"));

  private final Surroundings surroundings;
  private final ToolWords words;

  private DropInSubmit(Surroundings surroundings, ToolWords words) {
    this.surroundings = surroundings;
    this.words = words;
  }

  static int run(Surroundings surroundings, List<String> line) {
    ToolWords words = ToolWords.read(OPTIONS, line);
    Console console = new Console(surroundings);
    if (words.has("help")) {
      return console.help("[<option> ...] [<recipient> ...]", OPTIONS);
    } else if (!words.problems().isEmpty()) {
      return console.problems(words.problems());
    } else if (words.has("version")) {
      surroundings.out().println(ProductVersion.NUMBER);
      return 0;
    }
    try {
      console.report(new DropInSubmit(surroundings, words).submit(), words);
      return 0;
    } catch (Trouble e) {
      return console.fail(e);
    } catch (MailSyntaxException e) {
      return console.fail("rfc-5322/6532 parsing error: " + e.getMessage());
    } catch (FieldException e) {
      return console.fail(String.valueOf(e.getMessage()));
    }
  }

  private List<Posted> submit() throws Trouble, MailSyntaxException, FieldException {
    try (InputStream in = new DropInInput(surroundings, words).open()) {
      DotRule dots = surroundings.terminal() ? DotRule.ENDS_MESSAGE : DotRule.IS_TEXT;
      TextLines lines = new TextLines(in, dots);
      return submit(MailHeader.read(lines, HeaderRule.STRICT), lines);
    } catch (IOException e) {
      throw new Trouble(Kind.NO_INPUT, "cannot read the message: " + Posting.text(e));
    }
  }

  private List<Posted> submit(MailHeader header, TextLines lines)
      throws Trouble, MailSyntaxException, FieldException {
    String sender = sender(header);
    List<String> given = given();
    List<String> all = given.isEmpty() ? recipients(header, List.of("To", "Cc", "Bcc")) : given;
    MailHeader completed = complete(header, sender);
    Posting posting =
        new Posting(surroundings.path(words.value("spool-dir").orElse(SPOOL)))
            .into(words.has("copy") ? Posting.Target.DIRECTORIES : Posting.Target.SPOOL);
    if (!words.has("bcc-split")) {
      posting.add(addressed(completed, all), envelope(sender, all));
      return posting.post(lines::writeRest);
    }
    List<String> blind = recipients(header, List.of("Bcc"));
    List<String> split = given.isEmpty() ? blind : given.stream().filter(blind::contains).toList();
    List<String> others =
        given.isEmpty()
            ? recipients(header, List.of("To", "Cc"))
            : given.stream().filter(to -> !blind.contains(to)).toList();
    if (!others.isEmpty() || split.isEmpty()) {
      MailHeader open = addressed(completed, others).without("Bcc");
      posting.add(open, envelope(sender, others));
    }
    for (String to : split) {
      // Who else gets it in secret must not show in a To field either.
      MailHeader secret = addressed(completed, others.isEmpty() ? List.of(to) : others);
      posting.add(secret.withInstead("bcc", to), envelope(sender, List.of(to)));
    }
    return posting.post(lines::writeRest);
  }

  private String sender(MailHeader header) throws Trouble, MailSyntaxException {
    Optional<String> from = words.value("from").filter(text -> !text.isEmpty());
    if (from.equals(Optional.of("<>"))) {
      return "";
    }
    String address = from.isPresent() ? from.get() : writtenSender(header);
    return EnvelopeAddress.of(address)
        .orElseThrow(
            () -> new Trouble(Kind.DATA, "invalid sender address: " + Console.bracketed(address)));
  }

  private static String writtenSender(MailHeader header) throws MailSyntaxException {
    List<MailAddress> authors = header.addresses("From");
    if (authors.size() != 1) {
      List<MailAddress> senders = header.addresses("Sender");
      if (!senders.isEmpty()) {
        return senders.getFirst().address();
      }
    }
    return authors.isEmpty() ? "anonymous" : authors.getFirst().address();
  }

  private List<String> given() throws Trouble {
    List<String> written = new ArrayList<>();
    for (String value : words.values("to")) {
      // Repeats of an option are the same as a list; a quoted local part may hold a comma.
      written.addAll(value.indexOf('"') >= 0 ? List.of(value) : List.of(value.split(",")));
    }
    written.addAll(words.rest());
    List<String> found = new ArrayList<>();
    for (String each : written) {
      found.add(recipient(each.startsWith("\\") ? each.substring(1) : each));
    }
    return found;
  }

  private static List<String> recipients(MailHeader header, List<String> fields)
      throws Trouble, MailSyntaxException {
    List<String> found = new ArrayList<>();
    for (String field : fields) {
      for (MailAddress each : header.addresses(field)) {
        found.add(recipient(each.address()));
      }
    }
    return found;
  }

  private static String recipient(String address) throws Trouble {
    return EnvelopeAddress.of(address)
        .orElseThrow(
            () ->
                new Trouble(
                    Kind.NO_USER, "invalid recipient address: " + Console.bracketed(address)));
  }

  /** Adds the fields that were asked for, on top in the order From, Message-ID, Date. */
  private MailHeader complete(MailHeader header, String sender) throws FieldException {
    Stamp stamp = new Stamp(Instant.now());
    MailHeader made = header;
    if (words.has("content-date") && !header.has("Date")) {
      made = made.withFirst("Date", stamp.date());
    }
    if (words.has("content-message-id") && !header.has("Message-ID")) {
      String domain =
          words.value("content-message-id").filter(text -> !text.isEmpty()).orElse("local");
      made = made.withFirst("Message-ID", stamp.messageId(domain));
    }
    if (words.has("content-from")) {
      made = made.without("From").withFirst("From", sender.isEmpty() ? "<>" : sender);
    }
    return made;
  }

  private MailHeader addressed(MailHeader header, List<String> recipients)
      throws Trouble, FieldException {
    if (!words.has("content-to")) {
      return header;
    } else if (recipients.isEmpty()) {
      throw new Trouble(Kind.DATA, "no recipients for \"--content-to\"");
    }
    return header.without("To").withFirst("To", String.join(", ", recipients));
  }

  private Envelope envelope(String sender, List<String> recipients) {
    Origin origin =
        new Origin(words.value("auth").orElse(""), CLIENT, "", authentication("from-auth-in"));
    Routing routing = new Routing(authentication("from-auth-out"), "", "", "");
    return Envelope.received(
            BodyType.UNKNOWN, sender, Recipients.remote(recipients), origin, DsnRequest.NONE)
        .withRouting(routing);
  }

  private String authentication(String option) {
    return words.value(option).map(name -> name.isEmpty() ? "<>" : Xtext.encode(name)).orElse("");
  }
}
