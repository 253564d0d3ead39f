package io.stagepost.deploy.submit;

import io.stagepost.mime.MailHeader;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.file.SpoolDeposit;
import io.stagepost.spool.file.SpoolDeposit.Draft;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts messages into the spool, all of one command or none. */
final class Posting {

  private static final int PIECE = 64 << 10;

  private final Path spool;
  private final List<Copy> copies = new ArrayList<>();
  private Target target = Target.SPOOL;

  /** Where envelopes go. */
  enum Target {
    SPOOL,
    /** Into each of the spool's directories. */
    DIRECTORIES
  }

  /** What follows the header. */
  interface Body {
    /** Writes it. */
    void write(OutputStream out) throws IOException, Trouble;
  }

  private record Copy(Optional<MailHeader> header, Envelope envelope) {}

  /** What was written. */
  record Posted(Path content, String warning) {}

  Posting(Path spool) {
    this.spool = spool;
  }

  Posting into(Target other) {
    target = other;
    return this;
  }

  /** Adds a message; all have the same body. */
  Posting add(MailHeader header, Envelope envelope) {
    copies.add(new Copy(Optional.of(header), envelope));
    return this;
  }

  /** Adds a message whose body brings its header along. */
  Posting add(Envelope envelope) {
    copies.add(new Copy(Optional.empty(), envelope));
    return this;
  }

  /** Writes them all. */
  List<Posted> post(Body body) throws Trouble {
    try (SpoolDeposit deposit = SpoolDeposit.into(spool)) {
      // A signal removes what is half-written; so does every other end of the process.
      Runtime.getRuntime().addShutdownHook(new Thread(deposit::close));
      return post(deposit, body);
    } catch (IOException e) {
      throw new Trouble(Trouble.Kind.TEMPORARY, "cannot store the message: " + text(e));
    }
  }

  private List<Posted> post(SpoolDeposit deposit, Body body) throws IOException, Trouble {
    List<Draft> drafts = new ArrayList<>();
    long bodyAt = 0;
    for (Copy copy : copies) {
      Draft draft = deposit.begin();
      OutputStream out = new BufferedOutputStream(draft, PIECE);
      if (copy.header().isPresent()) {
        copy.header().get().write(out);
      }
      out.flush();
      if (drafts.isEmpty()) {
        bodyAt = draft.size();
        body.write(out);
      } else {
        try (InputStream in = Files.newInputStream(drafts.getFirst().written())) {
          in.skipNBytes(bodyAt);
          in.transferTo(out);
        }
      }
      out.flush();
      drafts.add(draft);
    }
    for (Draft draft : drafts) {
      draft.finish();
    }
    List<Posted> posted = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      posted.add(commit(drafts.get(i), copies.get(i).envelope()));
    }
    return posted;
  }

  private Posted commit(Draft draft, Envelope envelope) throws IOException {
    if (target == Target.SPOOL) {
      draft.commit(envelope);
      return new Posted(draft.content(), "");
    }
    IOException failure = draft.commitCopies(envelope);
    return new Posted(
        draft.content(),
        failure == null ? "" : "the envelope was not copied everywhere: " + text(failure));
  }

  /** What is wrong with a file, as far as Java's exceptions tell. */
  static String text(IOException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case AccessDeniedException denied -> "permission denied: " + message;
      case NoSuchFileException missing -> "no such file: " + message;
      case NotDirectoryException none -> "no such directory: " + message;
      default -> message;
    };
  }
}
