package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.stagepost.forwarder.ReplyParser.Result;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

class ReplyParserFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void anyOctets(byte[] octets) {
    List<Result> whole = parse(octets, Math.max(1, octets.length));
    assertThat(parse(octets, 1)).isEqualTo(whole);
    assertThat(parse(octets, 7)).isEqualTo(whole);
    for (Result result : whole) {
      if (result instanceof Result.Complete complete) {
        assertThat(complete.reply().lines()).noneMatch(l -> l.contains("\r") || l.contains("\n"));
      }
    }
  }

  /** Everything that is found in octets that come in pieces of a size. */
  private static List<Result> parse(byte[] octets, int size) {
    ReplyParser parser = new ReplyParser();
    List<Result> found = new ArrayList<>();
    for (int at = 0; at < octets.length; at += size) {
      parser.append(Buffer.buffer(octets).slice(at, Math.min(octets.length, at + size)));
      for (Result next = parser.next(); !(next instanceof Result.Incomplete); ) {
        found.add(next);
        if (next instanceof Result.Invalid) {
          return found;
        }
        next = parser.next();
      }
    }
    return found;
  }
}
