package io.stagepost.pop;

import static org.assertj.core.api.Assertions.assertThat;

import io.stagepost.config.PopSettings.Store;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.Spool.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sessions leave in the directories, and what they see of what others do there. */
class MaildropTest {

  @TempDir Path directory;

  @Test
  void p1DeletedMessagesStayWhenTheConnectionDrops() throws IOException {
    try (RunningPop server = RunningPop.with(directory, new TestSettings())) {
      try (PopClient client = PopClient.connect(server.port()).login()) {
        assertThat(client.ask("DELE 1")).isEqualTo("+OK");
      }
      try (PopClient client = PopClient.connect(server.port()).login()) {
        assertThat(client.ask("STAT")).isEqualTo("+OK 2 60");
        assertThat(client.ask("DELE 1")).isEqualTo("+OK");
        assertThat(client.ask("QUIT")).isEqualTo("+OK signing off");
      }
      assertThat(filesIn(server.spool))
          .containsExactly("emailrelay.1.2.2.content", "emailrelay.1.2.2.envelope");
      assertThat(server.store().count(State.READY)).isEqualTo(1);
    }
  }

  @Test
  void p2ASecondSessionIsToldThatTheMaildropIsInUse() throws IOException {
    try (RunningPop server = RunningPop.with(directory, TestSettings.own());
        PopClient first = PopClient.connect(server.port()).login();
        PopClient second = PopClient.connect(server.port())) {
      second.line();
      second.ask("USER bob");
      assertThat(second.ask("PASS two words")).startsWith("-ERR [IN-USE]");
      assertThat(first.ask("QUIT")).isEqualTo("+OK signing off");
      second.ask("USER bob");
      assertThat(second.ask("PASS two words")).isEqualTo("+OK");
      assertThat(second.ask("STAT")).isEqualTo("+OK 2 60");
    }
  }

  @Test
  void p2AsTheOriginalTheDropInLetsTwoSessionsIn() throws IOException {
    try (RunningPop server = RunningPop.with(directory, new TestSettings());
        PopClient first = PopClient.connect(server.port()).login();
        PopClient second = PopClient.connect(server.port()).login()) {
      assertThat(first.ask("DELE 1")).isEqualTo("+OK");
      assertThat(first.ask("QUIT")).isEqualTo("+OK signing off");
      assertThat(second.ask("STAT")).isEqualTo("+OK 2 60");
      assertThat(second.ask("RETR 1")).isEqualTo("-ERR");
      assertThat(second.askAll("RETR 2")).startsWith("+OK 30 octets");
    }
  }

  @Test
  void p3UniqueIdsAreTheSameAfterARestart() throws IOException {
    List<String> before;
    try (RunningPop server = RunningPop.with(directory, TestSettings.own());
        PopClient client = PopClient.connect(server.port()).login()) {
      before = client.askAll("UIDL");
    }
    try (RunningPop server = RunningPop.with(directory, TestSettings.own());
        PopClient client = PopClient.connect(server.port()).login()) {
      assertThat(client.askAll("UIDL"))
          .isEqualTo(before)
          .contains("1 emailrelay.1.2.1.content", "2 emailrelay.1.2.2.content");
    }
  }

  @Test
  void aMessageThatIsBeingForwardedIsLeftAlone() throws IOException {
    try (RunningPop server = RunningPop.with(directory, new TestSettings());
        PopClient client = PopClient.connect(server.port()).login()) {
      RunningPop.await(server.store().claim(new MessageId("emailrelay.1.2.1")));
      assertThat(client.ask("DELE 1")).isEqualTo("+OK");
      assertThat(client.ask("DELE 2")).isEqualTo("+OK");
      assertThat(client.ask("QUIT")).isEqualTo("+OK signing off");
      assertThat(filesIn(server.spool))
          .containsExactly("emailrelay.1.2.1.content", "emailrelay.1.2.1.envelope.busy");
    }
  }

  @Test
  void onlyWholeAndReadyMessagesAreListed() throws IOException {
    TestSettings settings = new TestSettings();
    settings.messages = 0;
    Path spool = Files.createDirectories(directory.resolve("spool"));
    for (String stem : List.of("b.2", "b.10", "a", "busy", "bad", "new", "empty", "lonely")) {
      RunningPop.put(spool, stem, stem.equals("empty") ? "" : "x\r\n");
    }
    for (String state : List.of("busy", "bad", "new")) {
      Files.move(spool.resolve(state + ".envelope"), spool.resolve(state + ".envelope." + state));
    }
    Files.delete(spool.resolve("lonely.content"));
    try (RunningPop server = RunningPop.with(directory, settings);
        PopClient client = PopClient.connect(server.port()).login()) {
      assertThat(client.askAll("UIDL"))
          .containsExactly(
              "+OK 3 message(s)", "1 a.content", "2 b.2.content", "3 b.10.content", ".");
    }
  }

  @Test
  void byNameAnAccountHasItsDirectoryAndContentOfTheParent() throws IOException {
    TestSettings settings = new TestSettings();
    settings.store = new Store.ByName();
    try (RunningPop server = RunningPop.with(directory, settings)) {
      try (PopClient client = PopClient.connect(server.port()).login()) {
        assertThat(client.ask("STAT")).isEqualTo("+OK 0 0");
      }
      Path alice = server.spool.resolve("alice");
      Path bob = Files.createDirectory(server.spool.resolve("bob"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(alice)))
          .isEqualTo("rwxrwx---");
      Path envelope = server.spool.resolve("emailrelay.1.2.1.envelope");
      Files.copy(envelope, bob.resolve("emailrelay.1.2.1.envelope"));
      Files.move(envelope, alice.resolve("emailrelay.1.2.1.envelope"));
      RunningPop.put(alice, "own", "12345");
      deleteAll(server, "alice", "e=mc2", "+OK 2 35");
      assertThat(filesIn(alice)).isEmpty();
      assertThat(filesIn(server.spool)).contains("emailrelay.1.2.1.content");
      deleteAll(server, "bob", "two words", "+OK 1 30");
      assertThat(filesIn(server.spool))
          .containsExactly("emailrelay.1.2.2.content", "emailrelay.1.2.2.envelope");
    }
  }

  private static void deleteAll(RunningPop server, String user, String password, String status)
      throws IOException {
    try (PopClient client = PopClient.connect(server.port())) {
      client.line();
      client.ask("USER " + user);
      assertThat(client.ask("PASS " + password)).isEqualTo("+OK");
      assertThat(client.ask("STAT")).isEqualTo(status);
      for (int i = 1; i <= status.charAt(4) - '0'; i++) {
        assertThat(client.askAll("RETR " + i)).hasSizeGreaterThan(2);
        assertThat(client.ask("DELE " + i)).isEqualTo("+OK");
      }
      assertThat(client.ask("QUIT")).isEqualTo("+OK signing off");
    }
  }

  @Test
  void aMaildirKeepsItsFlagsWhateverOthersDoWithThem() throws IOException {
    Path maildir = maildir("alice");
    Files.writeString(maildir.resolve("new/1.M1P1.host"), "a\n");
    Files.writeString(maildir.resolve("cur/2.M1P1.host:2,S"), "bb\n");
    Files.writeString(maildir.resolve("cur/3.M1P1.host:2,"), "ccc\n");
    try (RunningPop server = RunningPop.with(directory, maildirs());
        PopClient client = PopClient.connect(server.port()).login()) {
      assertThat(client.askAll("UIDL"))
          .containsExactly(
              "+OK 3 message(s)", "1 1.M1P1.host", "2 2.M1P1.host", "3 3.M1P1.host", ".");
      assertThat(client.ask("STAT")).isEqualTo("+OK 3 9");
      Files.move(maildir.resolve("new/1.M1P1.host"), maildir.resolve("cur/1.M1P1.host:2,RS"));
      Files.move(maildir.resolve("cur/3.M1P1.host:2,"), maildir.resolve("cur/3.M1P1.host:2,T"));
      assertThat(client.askAll("RETR 1")).containsExactly("+OK 2 octets", "a", ".");
      assertThat(client.ask("DELE 3")).isEqualTo("+OK");
      assertThat(client.ask("QUIT")).isEqualTo("+OK signing off");
    }
    assertThat(filesIn(maildir.resolve("cur")))
        .containsExactly("1.M1P1.host:2,RS", "2.M1P1.host:2,S");
  }

  @Test
  void anAccountThatHasNoMaildirYetHasNoMail() throws IOException {
    try (RunningPop server = RunningPop.with(directory, maildirs());
        PopClient client = PopClient.connect(server.port()).login()) {
      assertThat(client.ask("STAT")).isEqualTo("+OK 0 0");
      assertThat(client.ask("QUIT")).isEqualTo("+OK signing off");
    }
    assertThat(directory.resolve("mail")).doesNotExist();
  }

  @Test
  void theSizesOfABigMaildirAreKeptAndChangesAreSeen() throws IOException {
    Path maildir = maildir("alice");
    for (int i = 0; i < 300; i++) {
      Files.writeString(maildir.resolve("new/" + (1000 + i) + ".M1P1.host"), "12345\n");
    }
    Instant old = Instant.now().minusSeconds(60);
    for (String place : List.of("new", "cur")) {
      Files.setLastModifiedTime(maildir.resolve(place), FileTime.from(old));
    }
    Path index = maildir.resolve(".stagepost.pop.index");
    try (RunningPop server = RunningPop.with(directory, maildirs())) {
      assertThat(status(server)).isEqualTo("+OK 300 1800");
      assertThat(index).isRegularFile();
      // Without a change of the directory nobody looks: this shows that the sizes are kept.
      Files.writeString(maildir.resolve("new/1000.M1P1.host"), "123456789\n");
      assertThat(status(server)).isEqualTo("+OK 300 1800");
      Files.delete(maildir.resolve("new/1001.M1P1.host"));
      Files.writeString(maildir.resolve("cur/900.M1P1.host:2,S"), "1\n");
      assertThat(status(server)).isEqualTo("+OK 300 1796");
      Files.writeString(index, "damaged");
      assertThat(status(server)).isEqualTo("+OK 300 1800");
    }
  }

  private static String status(RunningPop server) throws IOException {
    try (PopClient client = PopClient.connect(server.port()).login()) {
      String status = client.ask("STAT");
      assertThat(client.ask("QUIT")).isEqualTo("+OK signing off");
      return status;
    }
  }

  @Test
  void manySmallMessagesComeInOrderWhetherAskedForAheadOrNot() throws Exception {
    Path maildir = maildir("alice");
    for (int i = 0; i < 500; i++) {
      Files.writeString(maildir.resolve("new/" + (1000 + i) + ".x"), ".number " + i + "\n");
    }
    Files.writeString(maildir.resolve("new/1250.x"), "x".repeat(300_000) + "\r\n");
    try (RunningPop server = RunningPop.with(directory, maildirs());
        PopClient client = PopClient.connect(server.port()).login()) {
      StringBuilder ahead = new StringBuilder();
      IntStream.rangeClosed(1, 500).forEach(i -> ahead.append("RETR ").append(i).append("\r\n"));
      client.send(ahead.toString());
      for (int i = 0; i < 500; i++) {
        assertThat(client.line()).startsWith("+OK ");
        assertThat(client.line()).isEqualTo(i == 250 ? "x".repeat(300_000) : "..number " + i);
        assertThat(client.line()).isEqualTo(".");
      }
      for (int i : new int[] {400, 3, 4, 250, 251, 252, 5}) {
        assertThat(client.askAll("RETR " + (i + 1)).get(1)).hasSizeGreaterThan(8);
      }
      assertThat(server.events.poll(30, TimeUnit.SECONDS).getString("type")).isEqualTo("retrieved");
    }
  }

  @Test
  void namesOfAccountsNeverLeadOutOfTheDirectory() throws IOException {
    TestSettings settings = TestSettings.own();
    settings.store = new Store.ByName();
    settings.secrets = "server plain .. x\nserver plain a/../../b x\nserver plain .h x\n";
    try (RunningPop server = RunningPop.with(directory, settings)) {
      for (String name : List.of("..", "a/../../b", ".h")) {
        try (PopClient client = PopClient.connect(server.port())) {
          client.line();
          client.ask("USER " + name);
          assertThat(client.ask("PASS x")).startsWith("-ERR [SYS/PERM]");
        }
      }
    }
  }

  private TestSettings maildirs() {
    TestSettings settings = TestSettings.own();
    settings.store = new Store.Maildir(directory.resolve("mail") + "/%u");
    return settings;
  }

  private Path maildir(String account) throws IOException {
    Path maildir = directory.resolve("mail").resolve(account);
    for (String place : List.of("tmp", "new", "cur")) {
      Files.createDirectories(maildir.resolve(place));
    }
    return maildir;
  }

  private static List<String> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }
}
