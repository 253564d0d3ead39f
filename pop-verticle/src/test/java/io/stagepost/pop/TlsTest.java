package io.stagepost.pop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  @TempDir Path directory;

  private RunningPop server() {
    TestSettings settings = new TestSettings();
    settings.tls = true;
    settings.mechanisms = Optional.of("m:;a:plain");
    return RunningPop.with(directory, settings);
  }

  @Test
  void t1WhatFollowsStlsInTheClearIsNeverAnswered() throws IOException {
    try (RunningPop server = server();
        PopClient client = PopClient.connect(server.port())) {
      client.line();
      client.send("STLS\r\nCAPA\r\n");
      assertThat(new String(client.rest(), ISO_8859_1)).doesNotContain("CAPA");
    }
  }

  @Test
  void t1WhatFollowsStlsInAnotherSegmentIsNeverAnswered() throws IOException {
    try (RunningPop server = server();
        PopClient client = PopClient.connect(server.port())) {
      client.line();
      assertThat(client.ask("STLS")).isEqualTo("+OK");
      client.send("CAPA\r\n");
      assertThat(new String(client.rest(), ISO_8859_1)).doesNotContain("CAPA");
    }
  }

  @Test
  void t2TheNameFromBeforeIsForgotten() throws IOException {
    TestSettings settings = new TestSettings();
    settings.tls = true;
    try (RunningPop server = RunningPop.with(directory, settings);
        PopClient client = PopClient.connect(server.port())) {
      client.line();
      assertThat(client.ask("USER alice")).startsWith("+OK");
      assertThat(client.ask("STLS")).isEqualTo("+OK");
      client.handshake();
      assertThat(client.ask("PASS e=mc2")).isEqualTo("-ERR");
    }
  }

  @Test
  void mechanismsAppearWithEncryption() throws IOException {
    try (RunningPop server = server();
        PopClient client = PopClient.connect(server.port())) {
      assertThat(client.line()).isEqualTo("+OK POP3 server ready");
      assertThat(client.askAll("CAPA"))
          .containsExactly("+OK capability list follows", "CAPA", "TOP", "UIDL", "STLS", ".");
      assertThat(client.ask("USER alice"))
          .isEqualTo("-ERR no SASL PLAIN mechanism to do USER/PASS authentication");
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("-ERR must use STLS before authentication");
      assertThat(client.ask("STLS")).isEqualTo("+OK");
      client.handshake();
      // One +OK only, before the handshake: the next line is already the reply to CAPA.
      assertThat(client.askAll("CAPA"))
          .containsExactly(
              "+OK capability list follows",
              "USER",
              "CAPA",
              "TOP",
              "UIDL",
              "STLS",
              "SASL PLAIN",
              ".");
      assertThat(client.ask("STLS")).isEqualTo("-ERR");
      assertThat(client.ask("AUTH PLAIN AGFsaWNlAGU9bWMy")).isEqualTo("+OK");
      assertThat(client.askAll("RETR 1")).contains("..dot");
      assertThat(client.ask("QUIT")).isEqualTo("+OK signing off");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void encryptedFromTheFirstOctet() throws IOException {
    try (RunningPop server = server();
        PopClient client = PopClient.connectEncrypted(server.tlsPort()).login()) {
      assertThat(client.ask("STAT")).isEqualTo("+OK 2 60");
      assertThat(client.ask("QUIT")).isEqualTo("+OK signing off");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void whereEncryptionIsDemandedNobodyLogsInInTheClear() throws IOException {
    TestSettings settings = new TestSettings();
    settings.tls = true;
    settings.clear = Access.Clear.NOTHING;
    try (RunningPop server = RunningPop.with(directory, settings);
        PopClient client = PopClient.connect(server.port())) {
      assertThat(client.line()).isEqualTo("+OK POP3 server ready");
      assertThat(client.ask("USER alice")).startsWith("-ERR");
      assertThat(client.ask("AUTH CRAM-MD5")).startsWith("-ERR must use STLS");
      assertThat(client.ask("APOP alice c4c9334bac560ecc979e58001b3e22fb")).isEqualTo("-ERR");
      assertThat(client.ask("STLS")).isEqualTo("+OK");
      client.handshake();
      assertThat(client.ask("USER alice")).isEqualTo("+OK user: alice");
      assertThat(client.ask("PASS e=mc2")).isEqualTo("+OK");
    }
  }
}
