package io.stagepost.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that send mail by calling sendmail. */
class SendmailCallersTest {

  @TempDir Path directory;
  private Path spool;
  private Path settings;

  @BeforeEach
  void settings() throws IOException {
    spool = Files.createDirectory(directory.resolve("spool"));
    settings = directory.resolve("submit.conf");
    Files.writeString(settings, "spool-dir = " + spool + "\ndomain = here.test\n");
  }

  @Test
  @Tag("php")
  void phpSendsMail() throws IOException {
    String sendmail = Distribution.program("sendmail") + " -t -i -C " + settings;
    String code =
        "exit(mail('bob@there.test', 'Grüße', \"one\\n.\\ntwo\\n\","
            + " ['From' => 'web@here.test', 'Bcc' => 'carol@there.test']) ? 0 : 1);";
    Command.of("php", "-n", "-d", "sendmail_path=" + sendmail, "-r", code)
        .environment("JAVA_HOME", Distribution.javaHome().toString())
        .succeed();
    assertThat(only(".envelope"))
        .contains("X-MailRelay-To-Remote: bob@there.test\r\n")
        .contains("X-MailRelay-To-Remote: carol@there.test\r\n");
    assertThat(only(".content"))
        .contains("To: bob@there.test\r\n", "Subject: Grüße\r\n", "From: web@here.test\r\n")
        .contains("\r\n\r\none\r\n.\r\ntwo\r\n")
        .doesNotContain("carol");
  }

  /**
   * Cron has the path of sendmail built in, so it runs where that path is another file: in a mount
   * namespace of its own, which also hides the jobs and the cron of this machine.
   */
  @Test
  @Tag("cron")
  void cronMailsTheOutputOfAJob() throws IOException {
    assumeTrue(
        Command.of("unshare", "--mount", "true").run().exitCode() == 0
            && Files.exists(Path.of("/usr/sbin/sendmail")),
        "needs root, mount namespaces and a /usr/sbin/sendmail to hide");
    Path run = Files.createDirectory(directory.resolve("run"));
    Path tabs = Files.createDirectory(directory.resolve("tabs"));
    Path none = Files.createDirectory(directory.resolve("none"));
    Path wrapper =
        script(
            "sendmail",
            Distribution.program("sendmail") + " -C " + settings + " \"$@\"",
            "kill $(cat /run/crond.pid)");
    Path empty = Files.writeString(directory.resolve("crontab"), "");
    Path tab = tabs.resolve("root");
    Files.writeString(tab, "MAILTO=carol@there.test,root\n@reboot echo the output\n");
    Command.of("chmod", "600", tab.toString()).succeed();
    Path all =
        script(
            "all",
            "set -e",
            "mount --bind " + run + " /run",
            "mount --bind " + tabs + " /var/spool/cron/crontabs",
            "mount --bind " + none + " /etc/cron.d",
            "[ ! -e /etc/crontab ] || mount --bind " + empty + " /etc/crontab",
            "mount --bind " + wrapper + " /usr/sbin/sendmail",
            "exec /usr/sbin/cron -f");
    Command.of("timeout", "120", "unshare", "--mount", all.toString()).run();
    assertThat(only(".envelope"))
        .contains("X-MailRelay-From: root@here.test\r\n")
        .contains("X-MailRelay-To-Remote: carol@there.test\r\n")
        .contains("X-MailRelay-To-Remote: root@here.test\r\n");
    assertThat(only(".content"))
        .contains("Subject: Cron <root@")
        .endsWith("\r\n\r\nthe output\r\n");
  }

  private Path script(String name, String... lines) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Command.of("chmod", "755", file.toString()).succeed();
    return file;
  }

  private String only(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(spool)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(suffix)).toList();
      assertThat(found).hasSize(1);
      return Files.readString(found.getFirst());
    }
  }
}
