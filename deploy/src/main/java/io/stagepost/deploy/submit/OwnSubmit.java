package io.stagepost.deploy.submit;

import static io.stagepost.deploy.submit.ToolOption.flag;
import static io.stagepost.deploy.submit.ToolOption.many;
import static io.stagepost.deploy.submit.ToolOption.one;

import io.stagepost.config.ProductVersion;
import io.stagepost.deploy.submit.Posting.Posted;
import io.stagepost.deploy.submit.Surroundings.Settings;
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
import io.stagepost.spool.DsnRequest;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.Envelope.Origin;
import io.stagepost.spool.Envelope.Recipients;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code stagepost submit}: a whole message from a file or standard input, or one that is built.
 */
final class OwnSubmit {

  private static final String CLIENT = "127.0.0.1";
  private static final List<String> BUILDING =
      List.of("subject", "header", "body", "text-file", "html-file", "attach");

  private static final List<ToolOption> OPTIONS =
      List.of(
          one("from", 'f', "address", "who sends [you at this host]"),
          many("to", 't', "addresses", "recipients"),
          many("cc", (char) 0, "addresses", "recipients of a copy"),
          many("bcc", (char) 0, "addresses", "recipients that nobody is told of"),
          one("subject", 's', "text", "build a message: its subject"),
          many("header", 'H', "Name: value", "build a message: another field of its header"),
          one("body", 'b', "text", "build a message: its text [standard input]"),
          one("text-file", (char) 0, "file", "the same from a file"),
          one("html-file", (char) 0, "file", "the same in HTML"),
          many("attach", 'a', "file", "build a message: something that goes with it"),
          one("spool-dir", (char) 0, "dir", "where messages are kept"),
          flag("verbose", 'v', "print the path of the content file"),
          flag("filename", 'n', "print its name"),
          flag("help", 'h', "this text"),
          flag("version", 'V', "the version"));

  private final Surroundings surroundings;
  private final ToolWords words;
  private final Settings settings;

  private OwnSubmit(Surroundings surroundings, ToolWords words) throws Trouble {
    this.surroundings = surroundings;
    this.words = words;
    this.settings = surroundings.settings(Optional.empty());
  }

  static int run(Surroundings surroundings, List<String> line) {
    ToolWords words = ToolWords.read(OPTIONS, line);
    Console console = new Console(surroundings);
    if (words.has("help")) {
      return console.help("[<option> ...] [<file>]", OPTIONS);
    } else if (!words.problems().isEmpty()) {
      return console.problems(words.problems());
    } else if (words.has("version")) {
      surroundings.out().println(ProductVersion.GREETING);
      return 0;
    }
    try {
      console.report(new OwnSubmit(surroundings, words).submit(), words);
      return 0;
    } catch (Trouble e) {
      return console.fail(e);
    } catch (MailSyntaxException | FieldException e) {
      return console.fail(String.valueOf(e.getMessage()));
    }
  }

  private List<Posted> submit() throws Trouble, MailSyntaxException, FieldException {
    if (BUILDING.stream().anyMatch(words::has)) {
      return build();
    } else if (words.rest().size() > 1) {
      throw new Trouble(Kind.USAGE, "more than one file");
    } else if (words.rest().isEmpty()) {
      return pass(surroundings.in());
    }
    try (InputStream in = Files.newInputStream(surroundings.path(words.rest().getFirst()))) {
      return pass(in);
    } catch (IOException e) {
      throw new Trouble(Kind.NO_INPUT, "cannot read the message: " + Posting.text(e));
    }
  }

  private List<Posted> pass(InputStream in) throws Trouble, MailSyntaxException, FieldException {
    DotRule dots = surroundings.terminal() ? DotRule.ENDS_MESSAGE : DotRule.IS_TEXT;
    TextLines lines = new TextLines(in, dots);
    MailHeader header;
    try {
      header = MailHeader.read(lines, HeaderRule.STRICT);
    } catch (IOException e) {
      throw new Trouble(Kind.NO_INPUT, "cannot read the message: " + Posting.text(e));
    }
    List<MailAddress> to = new ArrayList<>();
    for (String option : List.of("to", "cc", "bcc")) {
      to.addAll(addresses(option));
    }
    if (to.isEmpty()) {
      for (String field : List.of("To", "Cc", "Bcc")) {
        to.addAll(header.addresses(field));
      }
    }
    List<MailAddress> from = addresses("from");
    MailAddress sender =
        (from.isEmpty() ? header.addresses("From") : from)
            .stream().findFirst().orElseGet(this::self);
    return posting().add(header.without("Bcc"), envelope(sender, to)).post(lines::writeRest);
  }

  private List<Posted> build() throws Trouble, FieldException {
    if (!words.rest().isEmpty()) {
      throw new Trouble(
          Kind.USAGE, "a message is either built or read from a file: " + words.rest().getFirst());
    }
    List<MailAddress> from = addresses("from");
    MailAddress sender = from.isEmpty() ? self() : from.getFirst();
    Composition composition = new Composition(surroundings, words, settings.domain());
    composition.address("From", List.of(sender));
    List<MailAddress> all = new ArrayList<>();
    for (String field : List.of("To", "Cc")) {
      List<MailAddress> some = addresses(field.equals("To") ? "to" : "cc");
      composition.address(field, some);
      all.addAll(some);
    }
    all.addAll(addresses("bcc"));
    Posting.Body body = composition.body();
    return posting().add(envelope(sender, all)).post(body);
  }

  private Posting posting() {
    return new Posting(words.value("spool-dir").map(surroundings::path).orElse(settings.spool()));
  }

  private static Envelope envelope(MailAddress sender, List<MailAddress> recipients)
      throws Trouble {
    if (recipients.isEmpty()) {
      throw new Trouble(Kind.DATA, "no recipients: give \"--to\"");
    }
    List<String> to = new ArrayList<>();
    for (MailAddress each : recipients) {
      to.add(envelope("recipient", each));
    }
    return Envelope.received(
        BodyType.UNKNOWN,
        envelope("sender", sender),
        Recipients.remote(to.stream().distinct().toList()),
        Origin.of(CLIENT),
        DsnRequest.NONE);
  }

  private static String envelope(String what, MailAddress address) throws Trouble {
    return EnvelopeAddress.of(address.address())
        .orElseThrow(
            () ->
                new Trouble(
                    Kind.DATA,
                    "invalid " + what + " address: " + Console.bracketed(address.address())));
  }

  private MailAddress self() {
    return new MailAddress("", Surroundings.user()).at(settings.domain());
  }

  private List<MailAddress> addresses(String option) throws FieldException {
    List<MailAddress> found = new ArrayList<>();
    for (String value : words.values(option)) {
      for (MailAddress each : MailAddress.parseList("--" + option, value)) {
        found.add(each.at(settings.domain()));
      }
    }
    return found;
  }
}
