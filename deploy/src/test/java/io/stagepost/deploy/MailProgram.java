package io.stagepost.deploy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The mail programs that submit messages. */
enum MailProgram {
  /** It ends what it is given with one more line end, so the file comes without its last one. */
  SWAKS {
    @Override
    Command submit(int port, String from, List<String> to, Path message) {
      return Command.of("swaks", "--server", "127.0.0.1:" + port, "--silent", "2")
          .with(List.of("--timeout", "120", "--from", from, "--to", String.join(",", to)))
          .with(List.of("--data", "@" + message));
    }

    @Override
    byte[] prepare(byte[] message) {
      return Arrays.copyOf(message, message.length - 2);
    }
  },
  CURL {
    @Override
    Command submit(int port, String from, List<String> to, Path message) {
      return Command.of("curl", "--silent", "--show-error", "--url", "smtp://127.0.0.1:" + port)
          .with(List.of("--upload-file", message.toString(), "--mail-from", from))
          .with(to.stream().flatMap(r -> List.of("--mail-rcpt", r).stream()).toList());
    }
  },
  MSMTP {
    @Override
    Command submit(int port, String from, List<String> to, Path message) {
      return Command.of("msmtp", "--file=/dev/null", "--host=127.0.0.1", "--port=" + port)
          .with(List.of("--set-date-header=off", "--set-msgid-header=off"))
          .with(List.of("--auth=off", "--tls=off", "--from=" + from, "--"))
          .with(to)
          .input(message);
    }
  },
  PYTHON {
    @Override
    Command submit(int port, String from, List<String> to, Path message) {
      return script("submit.py", port, from, to, message);
    }
  },
  /** Python, with BDAT instead of DATA. */
  PYTHON_BDAT {
    @Override
    Command submit(int port, String from, List<String> to, Path message) {
      return script("submit_bdat.py", port, from, to, message);
    }
  };

  /** A run of the program that submits a message. */
  abstract Command submit(int port, String from, List<String> to, Path message);

  /** What the program must find in its file to send a message. */
  byte[] prepare(byte[] message) {
    return message;
  }

  private static Command script(String name, int port, String from, List<String> to, Path message) {
    Path script = Distribution.DEPLOY.resolve("src/test/python").resolve(name);
    return Command.of("python3", script.toString(), Integer.toString(port), from)
        .with(List.of(message.toString()))
        .with(to);
  }
}
