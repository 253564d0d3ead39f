package io.stagepost.deploy.submit;

import io.stagepost.deploy.submit.Posting.Posted;
import io.stagepost.telemetry.LogText;
import java.util.List;

/** What a command says to the one who called it. */
record Console(Surroundings surroundings) {

  private static final int ERROR = 1;

  int help(String usage, List<ToolOption> options) {
    StringBuilder text = new StringBuilder();
    text.append("usage: ").append(surroundings.program()).append(' ').append(usage).append("\n\n");
    options.forEach(option -> text.append(option.help()));
    surroundings.out().print(text);
    return 0;
  }

  int problems(List<String> problems) {
    problems.forEach(this::fail);
    surroundings.err().println("  " + surroundings.program() + " --help lists all options");
    return ERROR;
  }

  /** Prints what was submitted as far as it was asked for, and warnings. */
  void report(List<Posted> posted, ToolWords words) {
    for (Posted each : posted) {
      if (words.has("verbose")) {
        surroundings.out().println(each.content());
      } else if (words.has("filename")) {
        surroundings.out().println(each.content().getFileName());
      }
      if (!each.warning().isEmpty()) {
        surroundings.err().println(surroundings.program() + ": warning: " + each.warning());
      }
    }
  }

  int fail(Trouble trouble) {
    return fail(String.valueOf(trouble.getMessage()));
  }

  int fail(String text) {
    surroundings.err().println(surroundings.program() + ": error: " + LogText.escape(text));
    return ERROR;
  }

  static String bracketed(String address) {
    return "[" + address + "]";
  }
}
