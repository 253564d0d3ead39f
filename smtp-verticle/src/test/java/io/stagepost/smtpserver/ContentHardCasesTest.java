package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.SmtpSettings.LineEndPolicy;
import io.stagepost.spool.MemorySpool.Fault;
import io.stagepost.spool.MemorySpool.Flow;
import io.stagepost.spool.MemorySpool.Stored;
import io.stagepost.spool.SpoolException;
import io.stagepost.wire.BareLineEnds;
import io.stagepost.wire.Lookalikes;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hard cases of content, on sessions without sockets. */
class ContentHardCasesTest {

  private static final String HELLO = "EHLO x\r\n";
  private static final String ENVELOPE = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";
  private static final String DATA = ENVELOPE + "DATA\r\n";

  static Stream<Arguments> lookalikes() {
    return Lookalikes.all()
        .flatMap(l -> Stream.of(BareLineEnds.values()).map(p -> Arguments.of(l, p)));
  }

  @ParameterizedTest
  @MethodSource("lookalikes")
  void s1ALookalikeOfTheEndNeverMakesTwoMessages(String lookalike, BareLineEnds policy) {
    String evil = "MAIL FROM:<evil@x>\r\nRCPT TO:<victim@x>\r\nDATA\r\nboo";
    String input = HELLO + DATA + "a" + lookalike + evil + "\r\n.\r\nNOOP\r\n";
    for (int cut = 1; cut < input.length(); cut++) {
      TestSettings settings = TestSettings.own();
      settings.lineEnds = new LineEndPolicy(policy, List.of());
      OfflineSession client = new OfflineSession(settings);
      client.feed(input.substring(0, cut)).feed(input.substring(cut));
      List<String> replies = client.replies();
      assertThat(replies).last().isEqualTo("250 2.0.0 noop");
      String verdict = replies.get(replies.size() - 2);
      if (verdict.equals("250 2.0.0 message processed")) {
        Stored stored = client.spool.stored().getFirst();
        assertThat(stored.envelope().recipients().remote()).containsExactly("c@d");
        assertThat(client.spool.stored()).hasSize(1);
      } else {
        assertThat(verdict).isEqualTo("554 5.6.0 bare CR or LF in message");
        assertThat(client.spool.stored()).isEmpty();
      }
    }
  }

  @Test
  void s4BareLineEndsAreRejectedNormalisedOrAllowed() {
    assertThat(stored(BareLineEnds.REJECT, "a\nb\rc\r\n")).isEmpty();
    assertThat(stored(BareLineEnds.NORMALISE, "a\nb\rc\r\n")).containsExactly("a\r\nb\r\nc\r\n");
    assertThat(stored(BareLineEnds.ALLOW, "a\nb\rc\r\n")).containsExactly("a\nb\rc\r\n");
  }

  static Stream<String> lines() {
    return Stream.of(
        ".",
        "..",
        "",
        "x".repeat(998),
        "x".repeat(1000),
        "x".repeat(1 << 20),
        "a\0b",
        "\u00e4\u00ff\u0080");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void s5AnyLineIsStoredByteExact(String line) {
    String dotted = line.startsWith(".") ? "." + line : line;
    OfflineSession client = new OfflineSession(TestSettings.own());
    client.feed(HELLO + DATA).feed(dotted + "\r\n.\r\n");
    assertThat(body(client)).isEqualTo(line + "\r\n");
    client.feed(ENVELOPE + "BDAT " + (line.length() + 2) + " LAST\r\n" + line + "\r\n");
    assertThat(body(client)).isEqualTo(line + "\r\n");
  }

  @Test
  void m2ACommandLineWithoutEndIsDropped() {
    OfflineSession client = new OfflineSession(TestSettings.own());
    byte[] piece = "x".repeat(64 * 1024).getBytes(ISO_8859_1);
    for (int i = 0; i < 4 * 1024; i++) { // more than a growing array may have of the heap
      client.feed(piece);
    }
    client.replies();
    client.feed("\r\nNOOP\r\n");
    assertThat(client.replies()).containsExactly("500 line too long", "250 noop");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 99, 100, 101, 102, 1000})
  void m2TheLongestCommandLineIsTheSameHoweverItIsCut(int segment) {
    TestSettings settings = TestSettings.own();
    settings.commandLength = 100;
    OfflineSession client = new OfflineSession(settings).feed(HELLO);
    client.replies();
    for (String line : List.of("NOOP " + "x".repeat(95), "NOOP " + "x".repeat(96), "NOOP")) {
      String octets = line + "\r\n";
      for (int at = 0; at < octets.length(); at += segment) {
        client.feed(octets.substring(at, Math.min(octets.length(), at + segment)));
      }
    }
    assertThat(client.replies())
        .containsExactly("250 2.0.0 noop", "500 5.5.2 line too long", "250 2.0.0 noop");
  }

  @Test
  void m2ADataLineWithoutEndIsDropped() {
    TestSettings settings = TestSettings.own();
    settings.size = 1 << 20;
    OfflineSession client = new OfflineSession(settings);
    client.feed(HELLO + DATA);
    client.replies();
    byte[] piece = "x".repeat(64 * 1024).getBytes(ISO_8859_1);
    for (int i = 0; i < 4 * 1024; i++) {
      client.feed(piece);
    }
    client.feed("\r\n.\r\n");
    assertThat(client.replies())
        .containsExactly("552 5.3.4 message size exceeds fixed maximum message size");
    assertThat(client.spool.unfinished()).isZero();
  }

  @Test
  void m2WhatWaitsForTheSpoolIsBounded() {
    OfflineSession client = new OfflineSession(TestSettings.own());
    client.feed(HELLO + DATA + "first\r\n");
    client.spool.stall(Flow.STALLED);
    client.feed("second\r\n");
    assertThat(client.isPaused()).isTrue();
    client.feed("third\r\n.\r\nNOOP\r\n"); // was on its way already
    assertThat(client.spool.stored()).isEmpty();
    client.spool.stall(Flow.FLOWING);
    assertThat(client.isPaused()).isFalse();
    assertThat(body(client)).isEqualTo("first\r\nsecond\r\nthird\r\n");
    assertThat(client.replies()).last().isEqualTo("250 2.0.0 noop");
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void d3AFailingSpoolIsNever250AndIntakeRecovers(Fault where) {
    for (String content : List.of("DATA\r\nx\r\n.\r\n", "BDAT 3 LAST\r\nx\r\n")) {
      OfflineSession client = new OfflineSession(TestSettings.own());
      client.feed(HELLO);
      client.spool.failAt(where, () -> new SpoolException.NoSpace("disk full"));
      String full = verdict(client, content, where);
      assertThat(full).isEqualTo("452 4.3.1 insufficient system storage");
      client.spool.failAt(where, () -> new SpoolException.Io("bad sector", new IOException()));
      String broken = verdict(client, content, where);
      assertThat(broken).isEqualTo("451 4.3.0 local error in processing");
      assertThat(client.spool.stored()).isEmpty();
      client.spool.failAt(Fault.NONE, SpoolException.Closed::new);
      assertThat(verdict(client, content, Fault.NONE)).isEqualTo("250 2.0.0 message processed");
      assertThat(client.spool.stored()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 101})
  void q4MoreThanAHundredReceivedLinesAreALoop(int hops) {
    OfflineSession client = new OfflineSession(TestSettings.own());
    String header = "Received: from a by b\r\n\twith ESMTP\r\n".repeat(hops);
    client.feed(HELLO + DATA + header + "\r\nReceived: not a hop\r\n.\r\n");
    assertThat(client.replies())
        .last()
        .isEqualTo(
            hops == 100
                ? "250 2.0.0 message processed"
                : "554 5.4.6 too many hops: mail is looping");
  }

  @Test
  void repliesToOneChunkLeaveInOneWrite() {
    OfflineSession client = new OfflineSession(TestSettings.own());
    int before = client.writes();
    client.feed(HELLO + ENVELOPE + "RCPT TO:<e@f>\r\nNOOP\r\nDATA\r\n");
    assertThat(client.writes()).isEqualTo(before + 1);
    client.feed("x\r\n.\r\nQUIT\r\n");
    assertThat(client.replies()).last().isEqualTo("221 2.0.0 OK");
    assertThat(client.isClosed()).isTrue();
  }

  /** The reply that decides over one message. */
  private static String verdict(OfflineSession client, String content, Fault where) {
    client.replies();
    // Without a 354 the content must not follow.
    boolean refusedAtData = where == Fault.CREATE && content.startsWith("DATA");
    client.feed(ENVELOPE + (refusedAtData ? "DATA\r\n" : content));
    return client.replies().getLast();
  }

  private static List<String> stored(BareLineEnds policy, String content) {
    TestSettings settings = TestSettings.own();
    settings.lineEnds = new LineEndPolicy(policy, List.of());
    OfflineSession client = new OfflineSession(settings);
    client.feed(HELLO + DATA + content + ".\r\n");
    return client.spool.stored().isEmpty() ? List.of() : List.of(body(client));
  }

  /** The last stored content without its first line, which must be the Received line. */
  private static String body(OfflineSession client) {
    String content = client.spool.stored().getLast().content().toString(ISO_8859_1);
    assertThat(content)
        .matches(
            "(?s)Received: from x \\(\\[127\\.0\\.0\\.1]\\) by relay\\.test with ESMTP ; "
                + "[A-Z][a-z]{2}, \\d{1,2} [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}"
                + "\r\n.*");
    return content.substring(content.indexOf("\r\n") + 2);
  }
}
