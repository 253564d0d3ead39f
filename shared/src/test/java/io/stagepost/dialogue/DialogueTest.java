package io.stagepost.dialogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DialogueTest {

  private static final Dialogue SUBMIT =
      Dialogue.parse(
          "submit",
          """
          # a comment
          -- with size=300 chunking
          S: 220 ready
          C: EHLO x
          S: 250-hello
          S: 250 PIPELINING
          C! DA\\x54A\\r\\n
          S~ 354
          C! \\*3{ab}\\r\\n.\\r\\n
          S: 250 grüße
          C: QUIT
          S: 221 OK
          -- close
          """);

  @ParameterizedTest
  @EnumSource
  void theTwoPlayersUnderstandEachOther(Segmentation segmentation) {
    try (DialogueServer server = DialogueServer.start(segmentation, SUBMIT, SUBMIT)) {
      DialogueClient.play(server.port(), SUBMIT, segmentation);
      DialogueClient.play(server.port(), SUBMIT, segmentation);
      server.awaitPlayed();
      assertThat(server.connections()).isEqualTo(2);
    }
    assertThat(SUBMIT.with()).containsEntry("size", "300").containsEntry("chunking", "");
  }

  @Test
  void differenceIsAnAssertionErrorOnBothSides() {
    Dialogue other = Dialogue.parse("other", "S: 220 ready\nC: EHLO y\nS: 250 hello\n");
    try (DialogueServer server = DialogueServer.start(Segmentation.LINE_A_WRITE, SUBMIT)) {
      assertThatThrownBy(() -> DialogueClient.play(server.port(), other, Segmentation.LINE_A_WRITE))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(server::awaitPlayed)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("expected \"EHLO x\" but got \"EHLO y\"");
    }
  }
}
