package io.stagepost.deploy.submit;

import io.stagepost.deploy.submit.Trouble.Kind;
import io.stagepost.mime.Attachment;
import io.stagepost.mime.FieldException;
import io.stagepost.mime.MailAddress;
import io.stagepost.mime.MailBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/** Builds the message that the options of {@code stagepost submit} describe. */
final class Composition {

  // Texts are held in memory; what is bigger goes as an attachment, which isn't.
  private static final int LONGEST_TEXT = 16 << 20;

  private final MailBuilder builder = new MailBuilder();
  private final Surroundings surroundings;
  private final ToolWords words;
  private final String domain;

  Composition(Surroundings surroundings, ToolWords words, String domain) {
    this.surroundings = surroundings;
    this.words = words;
    this.domain = domain;
  }

  void address(String field, List<MailAddress> addresses) throws FieldException {
    if (!addresses.isEmpty()) {
      builder.addresses(field, addresses);
    }
  }

  /** Reads what the options name, and gives what will write the message. */
  Posting.Body body() throws Trouble, FieldException {
    if (words.has("subject")) {
      builder.field("Subject", words.value("subject").orElse(""));
    }
    for (String header : words.values("header")) {
      addHeader(header);
    }
    Instant now = Instant.now();
    if (!builder.has("Date")) {
      builder.date(Date.from(now));
    }
    if (!builder.has("Message-ID")) {
      builder.field("Message-ID", new Stamp(now).messageId(domain));
    }
    Optional<String> plain = plain();
    plain.ifPresent(builder::text);
    if (words.has("html-file")) {
      builder.html(file("html-file"));
    }
    for (String name : words.values("attach")) {
      Path file = surroundings.path(name);
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw new Trouble(Kind.NO_INPUT, "cannot read " + file);
      }
      builder.attach(Attachment.of(file));
    }
    return out -> {
      try {
        builder.write(out);
      } catch (FieldException e) {
        throw new Trouble(Kind.DATA, String.valueOf(e.getMessage()));
      }
    };
  }

  private void addHeader(String header) throws FieldException, Trouble {
    int colon = header.indexOf(':');
    if (colon < 1) {
      throw new Trouble(Kind.USAGE, "\"--header\" needs a name, a colon and a value");
    }
    builder.field(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
  }

  /** The text: as given, from a file, or, when there is nothing else to send, from the input. */
  private Optional<String> plain() throws Trouble {
    if (words.has("body") && words.has("text-file")) {
      throw new Trouble(Kind.USAGE, "\"--body\" and \"--text-file\" exclude each other");
    } else if (words.has("body")) {
      return words.value("body");
    } else if (words.has("text-file")) {
      return Optional.of(file("text-file"));
    } else if (words.has("html-file") || words.has("attach")) {
      return Optional.empty();
    }
    return Optional.of(text("the input", surroundings.in()));
  }

  private String file(String option) throws Trouble {
    Path file = surroundings.path(words.value(option).orElseThrow());
    try (InputStream in = Files.newInputStream(file)) {
      return text(file.toString(), in);
    } catch (IOException e) {
      throw new Trouble(Kind.NO_INPUT, "cannot read the text: " + Posting.text(e));
    }
  }

  private static String text(String what, InputStream in) throws Trouble {
    try {
      byte[] octets = in.readNBytes(LONGEST_TEXT + 1);
      if (octets.length > LONGEST_TEXT) {
        throw new Trouble(Kind.DATA, what + " is longer than 16 MiB: attach it");
      }
      return new String(octets, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Trouble(Kind.NO_INPUT, "cannot read the text: " + Posting.text(e));
    }
  }
}
