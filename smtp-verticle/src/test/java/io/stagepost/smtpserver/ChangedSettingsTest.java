package io.stagepost.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.Live;
import io.stagepost.config.SmtpSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings that change while clients are connected. */
class ChangedSettingsTest {

  @Test
  void aSessionKeepsTheSettingsThatItBeganWith() throws IOException {
    TestSettings before = TestSettings.own();
    before.size = 1000;
    TestSettings after = TestSettings.own();
    after.size = 2000;
    Live<SmtpSettings> live = Live.of(before.build());
    try (RunningIntake server = new RunningIntake(live, 2);
        Client old = new Client(server)) {
      assertThat(old.hello()).contains("SIZE 1000");
      live.set(after.build());
      assertThat(old.hello()).contains("SIZE 1000");
      try (Client next = new Client(server)) {
        assertThat(next.hello()).contains("SIZE 2000");
      }
    }
  }

  @Test
  void aLimitOfConnectionsHoldsForTheNextClient() throws IOException {
    TestSettings few = TestSettings.own();
    few.connections = 1;
    Live<SmtpSettings> live = Live.of(TestSettings.own().build());
    try (RunningIntake server = new RunningIntake(live, 2);
        Client first = new Client(server);
        Client second = new Client(server)) {
      live.set(few.build());
      try (Client third = new Client(server)) {
        assertThat(third.greeting).startsWith("421 ");
      }
      assertThat(first.hello()).isNotEmpty();
      assertThat(second.hello()).isNotEmpty();
    }
  }

  private static final class Client implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader input;
    private final String greeting;

    Client(RunningIntake server) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
      input =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      greeting = input.readLine();
    }

    /** What EHLO is answered with, without the codes. */
    List<String> hello() throws IOException {
      socket.getOutputStream().write("EHLO x\r\n".getBytes(StandardCharsets.US_ASCII));
      List<String> lines = new ArrayList<>();
      String line;
      do {
        line = input.readLine();
        lines.add(line.substring(4));
      } while (line.charAt(3) == '-');
      return lines;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
