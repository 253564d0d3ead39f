package io.stagepost.auth;

import static io.stagepost.auth.Clients.await;
import static io.stagepost.auth.Clients.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The host's own PAM, with a user and a service made for the purpose. */
@Tag("pam")
class PamTest {

  private static final String USER = "stagepost-pam-test";
  private static final String PASSWORD = "right $ password";
  private static final Path SERVICE = Path.of("/etc/pam.d/emailrelay");
  private static final AuthPeer PEER = Clients.at("192.0.2.1");
  private static final Vertx VERTX = Vertx.vertx();

  private static @Nullable String before;
  private static ServerAuthenticator accounts;

  @BeforeAll
  static void prepare() throws IOException, InterruptedException {
    before = Files.exists(SERVICE) ? Files.readString(SERVICE) : null;
    Files.writeString(SERVICE, "auth required pam_unix.so\naccount required pam_deny.so\n");
    run("", "useradd", "--no-create-home", "--shell", "/usr/sbin/nologin", USER);
    run(USER + ":" + PASSWORD + "\n", "chpasswd");
    accounts =
        ServerAuthenticator.create(
            LoginGuard.create(VERTX),
            ServerAuthenticator.PAM,
            ServerAuthOptions.of(MechanismRules.ALL, Clients.LOG));
    await(accounts.open());
  }

  @AfterAll
  static void restore() throws IOException, InterruptedException {
    run("", "userdel", USER);
    if (before == null) {
      Files.delete(SERVICE);
    } else {
      Files.writeString(SERVICE, before);
    }
    await(VERTX.close());
  }

  private static void run(String input, String... words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(process.waitFor()).as(List.of(words).toString()).isZero();
  }

  private static String plain(String user, String password) {
    return say(accounts.begin("PLAIN", PEER), "\0" + user + "\0" + password);
  }

  @Test
  void onlyPlainIsOffered() {
    assertThat(accounts.mechanisms(Privacy.CLEAR)).containsExactly("PLAIN");
    assertThat(accounts.offersApop(Privacy.ENCRYPTED)).isFalse();
    assertThat(accounts.trusted("127.0.0.1")).isEmpty();
  }

  @Test
  void theRightPasswordIsEnoughEvenWhereTheAccountPhaseWouldRefuse() {
    assertThat(plain(USER, PASSWORD)).isEqualTo(USER);
  }

  @Test
  void wrongPasswordsAndUnknownUsersAreRefusedAndTheLogSaysWhy() {
    try (LogLines log = LogLines.listening()) {
      assertThat(plain(USER, "wrong")).isEqualTo("WRONG");
      assertThat(plain("no-such-user-here", "wrong")).isEqualTo("WRONG");
      assertThat(plain(USER, "")).isEqualTo("WRONG");
      assertThat(log.lines().getFirst()).matches("warn: pam error: pam_authenticate: \\d+: .+");
      assertThat(log.lines())
          .contains(
              "warn: failed authentication of remote client using mechanism [plain] and"
                  + " pam secret for ["
                  + USER
                  + "]");
    }
  }

  @Test
  void aLockedPasswordIsNone() throws IOException, InterruptedException {
    run("", "usermod", "-L", USER);
    try {
      assertThat(plain(USER, PASSWORD)).isEqualTo("WRONG");
    } finally {
      run("", "usermod", "-U", USER);
    }
  }

  @Test
  void aNullPasswordIsNone() throws IOException, InterruptedException {
    Files.writeString(SERVICE, "auth required pam_unix.so nullok\n");
    run("", "passwd", "-d", USER);
    try {
      assertThat(plain(USER, "")).isEqualTo("WRONG");
      assertThat(plain(USER, "anything")).isEqualTo("WRONG");
    } finally {
      run(USER + ":" + PASSWORD + "\n", "chpasswd");
    }
  }
}
