package io.stagepost.spool.file;

import static io.stagepost.spool.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.spool.Await;
import io.stagepost.spool.Claim;
import io.stagepost.spool.MessageId;
import io.stagepost.spool.SampleMail;
import io.stagepost.spool.file.FileSpoolOptions.Times;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process of its own that works on a spool as it is told on its standard input. */
public final class SpoolChild implements AutoCloseable {

  /** Times that make tests quick. */
  static final Times QUICK =
      new Times(
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          Duration.ofSeconds(1),
          Duration.ZERO,
          Duration.ZERO);

  private final Process process;
  private final BufferedReader answers;
  private final Writer commands;

  private SpoolChild(Process process) {
    this.process = process;
    this.answers = process.inputReader(UTF_8);
    this.commands = process.outputWriter(UTF_8);
  }

  /** Starts a process and waits until its spool is open. */
  static SpoolChild start(Path directory) throws IOException {
    return start(directory, "0022");
  }

  static SpoolChild start(Path directory, String umask) throws IOException {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> java = new ArrayList<>();
    java.addAll(List.of("/bin/sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
    java.add(System.getProperty("java.home") + "/bin/java");
    java.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", path));
    java.addAll(List.of(SpoolChild.class.getName(), directory.toString()));
    Process process =
        new ProcessBuilder(java).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    SpoolChild child = new SpoolChild(process);
    child.answer("open");
    return child;
  }

  /** Gives a command and waits for its answer. */
  String ask(String command) throws IOException {
    tell(command);
    String answer = answers.readLine();
    while (answer != null && !answer.startsWith("= ")) {
      answer = answers.readLine();
    }
    return answer == null ? "gone" : answer.substring(2);
  }

  void tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
  }

  private void answer(String expected) throws IOException {
    String line = answers.readLine();
    while (line != null && !line.equals("= " + expected)) {
      line = answers.readLine();
    }
    if (line == null) {
      throw new IOException("the child has ended");
    }
  }

  /** Sends a signal by name. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (name.equals("KILL")) {
      process.waitFor();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The process: {@code store}, {@code begin}, {@code claim ID}, {@code deliver ID}. */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    Vertx vertx = Vertx.vertx();
    FileSpool spool =
        FileSpool.create(vertx, FileSpoolOptions.defaults(Path.of(args[0])).withTimes(QUICK));
    await(spool.open());
    out.println("= open");
    Map<String, Claim> claims = new HashMap<>();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      try {
        out.println("= " + run(Path.of(args[0]), spool, claims, words));
      } catch (RuntimeException e) {
        out.println("= " + e.getClass().getSimpleName());
      }
    }
    System.exit(0);
  }

  private static String run(
      Path directory, FileSpool spool, Map<String, Claim> claims, String[] words) {
    switch (words[0]) {
      case "store" -> {
        return await(SampleMail.store(spool, Buffer.buffer("x\r\n"))).value();
      }
      case "begin" -> {
        MessageId id = spool.newId();
        var writer = await(spool.create(id, SampleMail.envelope()));
        await(writer.write(Buffer.buffer(new byte[500_000])));
        Await.until(() -> Files.exists(directory.resolve(id + ".content")));
        return id.value();
      }
      case "claim" -> claims.put(words[1], await(spool.claim(new MessageId(words[1]))));
      case "deliver" -> await(claims.get(words[1]).delivered());
      case "crash" -> Runtime.getRuntime().halt(1);
      default -> throw new IllegalArgumentException(words[0]);
    }
    return "done";
  }
}
