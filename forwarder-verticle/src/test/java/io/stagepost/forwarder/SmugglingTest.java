package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.Feature;
import io.stagepost.smtp.BodyType;
import io.stagepost.spool.MessageId;
import io.stagepost.wire.Lookalikes;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the next hop sees of content that tries to look like the end of a message. */
class SmugglingTest {

  private static final String SECOND =
      "MAIL FROM:<evil@b.test>\r\nRCPT TO:<victim@y.test>\r\nDATA\r\nevil\r\n.\r\n";

  @TempDir Path directory;

  static Stream<String> lookalikes() {
    return Stream.concat(Lookalikes.all(), Stream.of("\r\n.\r\r\n", "\r\r\n.\r\r\n", "\r\n.\r\n"));
  }

  @ParameterizedTest
  @MethodSource("lookalikes")
  void s2OneMessageAndNoBareLineEnd(String lookalike) {
    oneMessage(lookalike, BodyType.UNKNOWN, Set.of(), "8BITMIME");
    oneMessage(lookalike, BodyType.UNKNOWN, Set.of(Feature.PIPELINING), "PIPELINING");
    oneMessage(
        lookalike,
        BodyType.UNKNOWN,
        Set.of(Feature.PIPELINING, Feature.CHUNKING),
        "PIPELINING",
        "CHUNKING");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n.\n", "\n.\r\n", "\r.\r", "\nbare\n"})
  void s3BinaryContentWithoutChunkingIsNormalised(String lookalike) {
    oneMessage(lookalike, BodyType.BINARY_MIME, Set.of(), "BINARYMIME");
  }

  @Test
  void s3BinaryContentWithoutChunkingIsRefusedWhenStrict() {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start("BINARYMIME")) {
      MessageId id =
          rig.put(Rig.envelope(BodyType.BINARY_MIME, "x@y.test"), Rig.bytes("a\n.\nb\r\n"));
      rig.runOnce(TestSettings.oneShot(sink.port()).features(Set.of(Feature.BINARYMIMESTRICT)));
      assertThat(rig.state(id)).isEqualTo("failed");
      assertThat(sink.taken()).isEmpty();
    }
  }

  private void oneMessage(
      String lookalike, BodyType body, Set<Feature> features, String... keywords) {
    try (Rig rig = new Rig(directory);
        Sink sink = Sink.start(keywords)) {
      String content = "Subject: t\r\n\r\na" + lookalike + SECOND;
      MessageId id = rig.put(Rig.envelope(body, "x@y.test"), Rig.bytes(content));
      Set<Feature> all = EnumSet.of(Feature.LINGER);
      all.addAll(features);
      rig.runOnce(TestSettings.oneShot(sink.port()).features(all));
      assertThat(rig.state(id)).isEqualTo("gone");
      assertThat(sink.taken()).hasSize(1);
      assertThat(sink.commands()).noneMatch(command -> command.contains("evil"));
      assertThat(sink.taken().get(0).wire().replace("\r\n", "")).doesNotContain("\r", "\n");
    }
  }
}
