package io.stagepost.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.ForwardSettings.Feature;
import io.stagepost.config.ForwardSettings.RecipientPolicy;
import io.stagepost.config.ForwardSettings.TemporaryFailures;
import io.stagepost.config.ForwardSettings.Timeouts;
import io.stagepost.dialogue.Dialogue;
import io.stagepost.dialogue.DialogueServer;
import io.stagepost.dialogue.RawText;
import io.stagepost.dialogue.Segmentation;
import io.stagepost.smtp.BodyType;
import io.stagepost.spool.Envelope;
import io.stagepost.spool.MessageId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plays each dialogue file as the next hop of a single run.
 *
 * <p>What a file may set: {@code features} (added), {@code some}, {@code keep}, {@code domain},
 * {@code response} and {@code greeting} in milliseconds, {@code connections}, {@code together} for
 * one write only, where octets that come later would be another case; of the messages: {@code
 * messages} (how many), {@code selectors}, {@code author}, {@code to}, {@code body}, {@code
 * content}. What it may expect of them: {@code state} (one word for each message), and of the first
 * {@code reason}, {@code code}, {@code left}; of the run {@code end}, and a part of a line in its
 * {@code log}. Underscores stand for blanks. {@link DialogueSecurity} knows further settings.
 */
class ForwardDialogueTest {

  private static final Path DIALOGUES = Path.of("src/test/resources/dialogues");

  @TempDir private static Path certificates;
  private static DialogueSecurity security;

  @BeforeAll
  static void makeCertificates() {
    security = new DialogueSecurity(certificates);
  }

  static Stream<Arguments> dialogues() {
    return Dialogue.loadAll(DIALOGUES).stream()
        .flatMap(d -> segmentations(d).map(s -> Arguments.of(d, s)));
  }

  private static Stream<Segmentation> segmentations(Dialogue dialogue) {
    return dialogue.with().containsKey("together")
        ? Stream.of(Segmentation.ONE_WRITE)
        : Stream.of(Segmentation.values());
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dialogues")
  void plays(Dialogue dialogue, Segmentation segmentation, @TempDir Path directory) {
    Map<String, String> with = dialogue.with();
    try (Rig rig = new Rig(directory);
        DialogueServer hop = DialogueServer.start(segmentation, security.server(), dialogue);
        LogLines log = new LogLines()) {
      List<MessageId> ids = new ArrayList<>();
      String[] selectors = with.getOrDefault("selectors", "").split(",", -1);
      for (int i = 0; i < Integer.parseInt(with.getOrDefault("messages", "1")); i++) {
        ids.add(put(rig, i < selectors.length ? selectors[i] : "", with));
      }
      String end = rig.runOnce(settings(hop.port(), with).security(security.settings(with)));
      hop.awaitPlayed();
      assertThat(end).isEqualTo(words(with, "end", ""));
      if (with.containsKey("log")) {
        assertThat(log.lines()).anyMatch(line -> line.contains(words(with, "log", "")));
      }
      assertThat(log.lines()).noneMatch(DialogueSecurity::revealsSecret);
      assertThat(ids.stream().map(rig::state))
          .containsExactly(with.getOrDefault("state", "gone").split(","));
      for (String field : List.of("reason", "code", "left")) {
        if (with.containsKey(field)) {
          String name =
              Map.of("reason", "Reason", "code", "ReasonCode", "left", "To-Remote").get(field);
          assertThat(rig.field(ids.get(0), name)).isEqualTo(words(with, field, ""));
        }
      }
    }
  }

  private static MessageId put(Rig rig, String selector, Map<String, String> with) {
    BodyType body = BodyType.ofEnvelopeWord(with.getOrDefault("body", "unknown"));
    String[] to = with.getOrDefault("to", "x@y.test").split(",");
    String content = with.getOrDefault("content", "Subject:_t\\r\\n\\r\\n.dot\\r\\nbody\\r\\n");
    Envelope envelope = Rig.selecting(Rig.envelope(body, to), selector, words(with, "author", ""));
    return rig.put(envelope, RawText.octets(content.replace('_', ' ')));
  }

  private static TestSettings settings(int port, Map<String, String> with) {
    TestSettings settings = TestSettings.oneShot(port);
    Set<Feature> features = EnumSet.copyOf(settings.value().features());
    for (String word : with.getOrDefault("features", "linger").split(",")) {
      String name = word.toUpperCase(Locale.ROOT);
      if (name.startsWith("NO-")) {
        features.remove(Feature.valueOf(name.substring(3)));
      } else {
        features.add(Feature.valueOf(name));
      }
    }
    settings =
        settings
            .features(features)
            .connections(Integer.parseInt(with.getOrDefault("connections", "1")))
            .domain(with.getOrDefault("domain", "relay.test"))
            .timeouts(
                new Timeouts(
                    Duration.ofSeconds(10),
                    millis(with, "greeting", Duration.ofSeconds(20)),
                    millis(with, "response", Duration.ofSeconds(20)),
                    Duration.ofSeconds(2)));
    settings = with.containsKey("some") ? settings.recipients(RecipientPolicy.SOME) : settings;
    return with.containsKey("keep") ? settings.troubles(TemporaryFailures.KEEP) : settings;
  }

  private static Duration millis(Map<String, String> with, String key, Duration otherwise) {
    return with.containsKey(key) ? Duration.ofMillis(Long.parseLong(with.get(key))) : otherwise;
  }

  private static String words(Map<String, String> with, String key, String otherwise) {
    return with.getOrDefault(key, otherwise).replace('_', ' ');
  }
}
