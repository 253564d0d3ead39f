package io.stagepost.smtpserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stagepost.smtp.Reply;
import io.stagepost.smtp.Reply.StatusDisplay;
import io.stagepost.telemetry.LogText;
import io.stagepost.telemetry.RelayLog;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Both sides of a dialogue in the log, without anybody's secrets. */
final class DialogueLog {

  private static final int LOGGED_OCTETS = 1_000;
  private static final Pattern AUTH_WITH_RESPONSE =
      Pattern.compile("(?is)(\\s*AUTH\\s+\\S+\\s+)\\S.*");
  private static final String HIDDEN = "rx<<: [authentication response not logged]";

  private final RelayLog log;
  private boolean mayBeResponse;

  DialogueLog(RelayLog log) {
    this.log = log;
  }

  /**
   * A command. What is none and follows AUTH may be a response to a challenge that the client
   * expected in vain.
   */
  void received(byte[] line, Command command) {
    if (!log.isVerbose()) {
      return;
    }
    boolean isCommand = !(command instanceof Command.Unknown);
    if (mayBeResponse && !isCommand) {
      log.verbose(HIDDEN);
      return;
    }
    mayBeResponse = command instanceof Command.Auth;
    String text = new String(line, 0, Math.min(line.length, LOGGED_OCTETS), UTF_8);
    Matcher auth = AUTH_WITH_RESPONSE.matcher(text);
    log.verbose("rx<<: " + LogText.quote(auth.matches() ? auth.group(1) + "[not logged]" : text));
  }

  /** A response within an exchange. */
  void receivedResponse() {
    if (log.isVerbose()) {
      mayBeResponse = true;
      log.verbose(HIDDEN);
    }
  }

  void sent(Reply reply, StatusDisplay display) {
    if (log.isVerbose()) {
      for (String line : reply.wireLines(display)) {
        log.verbose("tx>>: " + LogText.quote(line));
      }
    }
  }
}
