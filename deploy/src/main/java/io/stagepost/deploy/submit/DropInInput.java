package io.stagepost.deploy.submit;

import io.stagepost.deploy.submit.Trouble.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** The text that emailrelay-submit makes its message of: the lines of options, then the input. */
record DropInInput(Surroundings surroundings, ToolWords words) {

  InputStream open() throws IOException, Trouble {
    ByteArrayOutputStream top = new ByteArrayOutputStream();
    boolean ended = false;
    for (String each : words.values("content")) {
      byte[] line = line(each);
      ended |= line.length == 0;
      top.writeBytes(line);
      top.write('\n');
    }
    if (words.has("body") && !ended) {
      top.write('\n');
    }
    return new SequenceInputStream(new ByteArrayInputStream(top.toByteArray()), input());
  }

  private static byte[] line(String encoded) throws Trouble {
    try {
      byte[] line = Base64.getDecoder().decode(encoded);
      int end = line.length;
      // The end of the line that "echo" has added.
      while (end > 0 && (line[end - 1] == '\n' || line[end - 1] == '\r')) {
        end--;
      }
      for (int i = 0; i < end; i++) {
        if (line[i] == '\n' || line[i] == '\r') {
          throw new Trouble(Kind.USAGE, "more than one line in \"--content\"");
        }
      }
      return Arrays.copyOf(line, end);
    } catch (IllegalArgumentException e) {
      throw new Trouble(Kind.USAGE, "invalid base64 in \"--content\"");
    }
  }

  private InputStream input() throws IOException {
    Optional<String> file = words.value("input-file");
    if (file.isPresent()) {
      Path path = surroundings.path(file.get());
      return Files.newInputStream(path);
    }
    return words.has("no-stdin") ? InputStream.nullInputStream() : surroundings.in();
  }
}
