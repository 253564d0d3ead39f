package io.stagepost.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.net.tls.TestAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Passwords, tokens and responses are in no log, no error message and no file of the spool, as they
 * are, in base64 or in hexadecimal digits.
 */
class SecretsStaySecretTest {

  private static final String GOOD = "K3strel-Nest-Good";
  private static final String WRONG = "Wr0ng-Heron-Guess";
  private static final String OURS = "0urs-Plover-Word";
  private static final String TOKEN = "ya29T0kenOfTheOtter";
  private static final String PROXY = "Pr0xy-Marten-Pass";
  private static final Pattern POP = Pattern.compile("pop server on 127\\.0\\.0\\.1:(\\d+)");

  @TempDir Path directory;
  private final Planted planted = new Planted(GOOD, WRONG, OURS, TOKEN, PROXY);
  private Path spool;

  @BeforeEach
  void makeSpool() throws IOException {
    spool = Files.createDirectory(directory.resolve("spool"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"emailrelay", "stagepost"})
  void servers(String program) throws IOException {
    Path secrets = write("secrets", "server plain alice " + GOOD + "\n");
    Path certificate = TestAuthority.create(directory, "issuer").issue("localhost").pem();
    try (Relay relay =
        loud(program)
            .options("--port", "0", "--interface", "127.0.0.1")
            .options("--server-auth", secrets.toString(), "--server-tls")
            .options("--server-tls-certificate", certificate.toString(), "--clear-passwords")
            .options("--auth-delay", "0")
            .options("--pop", "--pop-port", "0", "--pop-auth", secrets.toString())
            .listening()) {
      smtpExchanges().forEach(lines -> dialogue(relay.port(), lines));
      int pop = port(relay);
      popExchanges().forEach(lines -> dialogue(pop, lines));
      assertThat(relay.stop()).isEqualTo(143);
      assertThat(relay.log())
          .contains("successful authentication of remote client")
          .contains("failed authentication of remote client")
          .contains("[authentication response not logged]")
          .contains("PASS [password not logged]");
      assertHidden(relay);
    }
  }

  private static List<List<String>> smtpExchanges() {
    String good = base64("\0alice\0" + GOOD);
    String wrong = base64("\0alice\0" + WRONG);
    String unknown = base64("\0nobody\0" + WRONG);
    String hello = "EHLO x";
    return List.of(
        List.of(hello, "AUTH PLAIN " + good, "QUIT"),
        List.of(hello, "AUTH PLAIN " + wrong, "AUTH PLAIN " + unknown, "QUIT"),
        List.of(hello, "AUTH PLAIN", wrong, "AUTH PLAIN", good, "QUIT"),
        List.of(hello, "AUTH LOGIN", base64("alice"), base64(GOOD), "QUIT"),
        List.of(hello, "auth login " + base64("alice"), base64(WRONG), "QUIT"),
        List.of(hello, "AUTH CRAM-MD5", base64("alice " + WRONG), "QUIT"),
        List.of(hello, "AUTH CRAM-MD5 " + wrong, wrong, "QUIT"),
        List.of(hello, "AUTH  PLAIN\t" + wrong + " more", "QUIT"),
        List.of(hello, "AUTH PLAIN %" + wrong, "AUTH PLAIN", "%" + wrong, "QUIT"),
        List.of(hello, "AUTH XOAUTH2 " + base64("auth=Bearer " + TOKEN), "QUIT"),
        List.of(hello, "AUTH NTLM", base64(WRONG), base64(WRONG), "QUIT"),
        List.of("AUTH PLAIN " + wrong, base64(WRONG), "QUIT"),
        List.of(hello, "AUTH PLAIN " + wrong.repeat(800), "QUIT"),
        List.of(hello, "STARTTLS", "AUTH PLAIN " + good));
  }

  private static List<List<String>> popExchanges() {
    String good = base64("\0alice\0" + GOOD);
    String wrong = base64("\0alice\0" + WRONG);
    return List.of(
        List.of("USER alice", "PASS " + GOOD, "PASS " + WRONG, "QUIT"),
        List.of("USER alice", "pass " + WRONG, "  PASS " + WRONG, "QUIT"),
        List.of("PASS " + WRONG, "APOP alice " + WRONG, "QUIT"),
        List.of("AUTH PLAIN " + good, "AUTH PLAIN " + wrong, "QUIT"),
        List.of("AUTH PLAIN", wrong, "AUTH LOGIN", base64("alice"), base64(WRONG), "QUIT"),
        List.of("AUTH FOO", wrong, base64(WRONG), "QUIT"),
        List.of("AUTH CRAM-MD5", base64("alice " + WRONG), "QUIT"),
        List.of("AUTH PLAIN %" + wrong, "AUTH PLAIN", "%" + wrong, "QUIT"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "SCRAM-SHA-256"})
  void nextHopsThatRepeatWhatTheyWereTold(String mechanism) throws IOException {
    String oauth = base64("user=alice\1auth=Bearer " + TOKEN + "\1\1");
    Path secrets =
        write("client", "client plain alice " + OURS + "\nclient oauth alice " + oauth + "\n");
    submit();
    try (EchoingHop hop = EchoingHop.offering(mechanism);
        Relay relay =
            loud("emailrelay")
                .options("--as-client", hop.address(), "--client-auth", secrets.toString())
                .start()) {
      assertThat(relay.await()).isEqualTo(1);
      assertThat(hop.heard()).anyMatch(line -> line.startsWith("AUTH " + mechanism));
      assertThat(relay.log()).contains("authentication failed using mechanism");
      assertHidden(relay);
    }
  }

  @Test
  void anAccountOnTheCommandLineAndItsTrace() throws IOException {
    String account = "plain:" + base64("alice") + ":" + base64(OURS);
    try (EchoingHop hop = EchoingHop.offering("PLAIN");
        Relay relay =
            loud("stagepost")
                .options("--port", "0", "--interface", "127.0.0.1", "--forward-to", hop.address())
                .options("--client-auth", account, "--client-auth-passwords", "anywhere")
                .options("--client-tls=no")
                .listening()) {
      dialogue(
          relay.port(),
          List.of("EHLO x", "MAIL FROM:<a@b.test>", "RCPT TO:<c@d.test>", "DATA", ".", "QUIT"));
      relay.awaitLine(line -> line.contains("authentication failed using mechanism"));
      String socket = spool.resolve(".stagepost.control").toString();
      String queue = operator(socket, "queue");
      Matcher id = Pattern.compile("emailrelay\\.\\S+|\\d+\\.\\d+\\.\\d+").matcher(queue);
      assertThat(id.find()).as(queue).isTrue();
      String trace = operator(socket, "show", id.group());
      assertThat(trace).contains("AUTH PLAIN [not logged]");
      assertNone("queue", queue);
      assertNone("trace", trace);
      relay.stop();
      assertHidden(relay);
    }
  }

  private String operator(String socket, String... words) {
    Command.Result said =
        Command.of(Distribution.program("stagepost").toString())
            .with(List.of(words))
            .with(List.of("--socket", socket))
            .run();
    return said.out() + said.err();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "client-auth plain:%1$s",
        "client-auth plain:%1$s:%1$s:%1$s",
        "client-auth plian:%1$s:%1$s",
        "client-auth PLAIN:%1$s:%1$s",
        "client-auth plain:%%:%1$s",
        "server-auth plain:%1$s:%1$s",
        "pop-auth plain:%1$s:%1$s",
        "client-auht plain:%1$s:%1$s",
        "client-auth=plain:%1$s:%1$s trailing",
        "client-proxy socks5://me:%2$s@",
        "client-proxy sock5://me:%2$s@127.0.0.1:1",
        "client-proxy socks5://%2$s@127.0.0.1:1",
        "client-auth plain:%1$s:%1$s\nclient-auth plain:%1$s:eA==",
        "client-auth plain:%1$s:%1$s\nclient-tls maybe",
      })
  void brokenConfigurations(String lines) throws IOException {
    String text = lines.formatted(base64(OURS), PROXY) + "\n";
    Path drop = write("emailrelay.conf", "forward-to 127.0.0.1:1\n" + text);
    assertSilent("emailrelay", "--no-daemon", "--log", "--spool-dir", spool.toString(), drop);
    assertSilent("stagepost", "config", "check", drop);
    List<Object> words = new ArrayList<>(List.of("emailrelay", "--as-client", "127.0.0.1:1"));
    words.addAll(List.of("--spool-dir", spool.toString()));
    for (String line : text.split("\n")) {
      int end = line.indexOf(' ');
      words.add("--" + line.substring(0, end) + "=" + line.substring(end + 1));
    }
    assertSilent(words.toArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth.client = \"plain:%1$s\"",
        "auth.client = \"plian:%1$s:%1$s\"",
        "auth.clint = \"plain:%1$s:%1$s\"",
        "auth.client = \"plain:%1$s:%1$s",
        "auth.client = plain:%1$s:%1$s",
        "auth { client = \"plain:%1$s:%1$s\" } }",
        "auth.client = [\"plain:%1$s:%1$s\"]",
        "auth.client = { password = \"%1$s\" }",
        "forward.proxy = \"socks5:/me:%2$s@127.0.0.1:1\"",
        "forward.proxy = \"socks5://me:%2$s@127.0.0.1:1\"",
      })
  void brokenHocon(String lines) throws IOException {
    String text = "forward.to = \"127.0.0.1:1\"\n" + lines.formatted(base64(OURS), PROXY) + "\n";
    Path file = write("relay.conf", text);
    assertSilent("stagepost", "config", "check", file);
    assertSilent("stagepost", "config", "show", file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server plain alice %1$s+",
        "server plain:b alice %1$s",
        "server plain alice",
        "server bcrypt alice %1$s",
        "server argon2id alice %1$s",
        "server scram-sha-256 alice %1$s",
        "server md5 alice %1$s",
        "server oauth alice %1$s",
        "server plain alice %1$s\nserver plain alice %1$s",
        "client plain alice %1$s sel more %1$s words",
      })
  void brokenSecretsFiles(String lines) throws IOException {
    Path secrets = write("broken", lines.formatted(GOOD) + "\n");
    assertSilent(
        "emailrelay",
        "--no-daemon",
        "--log",
        "--dont-serve",
        "--spool-dir",
        spool,
        "--forward",
        "--forward-to=127.0.0.1:1",
        "--client-auth",
        secrets);
    try (Relay relay =
        loud("stagepost")
            .options("--port", "0", "--interface", "127.0.0.1", "--server-auth", secrets.toString())
            .start()) {
      relay.awaitLine(line -> line.contains("broken") || line.contains("smtp server on"));
      relay.stop();
      assertHidden(relay);
    }
  }

  @Test
  void passwordTools() throws IOException {
    Path input = write("input", GOOD + "\n");
    Path file = directory.resolve("accounts");
    Command.Result made =
        Command.of(Distribution.program("stagepost").toString(), "passwd", "--file")
            .with(List.of(file.toString(), "--user", "alice", "--type", "argon2id"))
            .input(input)
            .succeed();
    assertNone("passwd", made.out() + made.err());
    assertNone("file", Files.readString(file));
    for (List<String> words :
        List.of(
            List.of("--file", "/none/x", "--user", "a"),
            List.of("--file", file.toString(), "--user", "a", "--type", "nonsense"),
            List.of("--file", file.toString()))) {
      Command.Result refused =
          Command.of(Distribution.program("stagepost").toString(), "passwd")
              .with(words)
              .input(input)
              .run();
      assertThat(refused.exitCode()).isNotZero();
      assertNone("passwd", refused.out() + refused.err());
    }
    Command.Result digest =
        Command.of(Distribution.program("emailrelay-passwd").toString()).input(input).run();
    assertNone("emailrelay-passwd", digest.out() + digest.err());
  }

  private Relay.Launch loud(String program) {
    return Relay.of(Distribution.program(program))
        .options("--no-daemon", "--log", "--verbose", "--verbose", "--no-syslog")
        .options("--log-format=time,unit,address,port,msgid", "--domain", "relay.localdomain")
        .options("--spool-dir", spool.toString(), "--user", "root");
  }

  private void submit() {
    Path message = write("message", "Subject: x\r\n\r\ntext\r\n");
    Command.of(Distribution.program("emailrelay-submit").toString())
        .with(List.of("--spool-dir", spool.toString(), "--from", "a@b.test", "c@d.test"))
        .input(message)
        .succeed();
  }

  private void assertSilent(Object... words) {
    List<String> rest = Stream.of(words).skip(1).map(Object::toString).toList();
    Command.Result said =
        Command.of(Distribution.program(words[0].toString()).toString()).with(rest).run();
    assertNone(String.join(" ", rest), said.out() + said.err());
  }

  private void assertHidden(Relay relay) throws IOException {
    assertNone("log", relay.log());
    try (Stream<Path> files = Files.walk(spool)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertNone(file.getFileName().toString(), Files.readString(file, ISO_8859_1));
      }
    }
  }

  private void assertNone(String where, String text) {
    assertThat(planted.in(where, text)).isEmpty();
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says a line when the one before has been answered, until the other side closes. */
  private static void dialogue(int port, List<String> lines) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      if (!isAnswered(in)) {
        return;
      }
      for (String line : lines) {
        socket.getOutputStream().write((line + "\r\n").getBytes(ISO_8859_1));
        if (!isAnswered(in)) {
          return;
        }
      }
    } catch (IOException e) {
      // Closed by the server before all was said.
    }
  }

  private static boolean isAnswered(BufferedReader in) throws IOException {
    @Nullable String line = in.readLine();
    while (line != null && line.matches("[0-9]{3}-.*")) {
      line = in.readLine();
    }
    return line != null;
  }

  private static int port(Relay relay) {
    Matcher matcher = POP.matcher(relay.awaitLine(line -> POP.matcher(line).find()));
    assertThat(matcher.find()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
