package io.stagepost.admin.command;

/** The help of the operator's command. */
final class UsageText {

  static final String TEXT =
      """
      usage: stagepost <command> [<option> ...]

        queue [<state>]         messages: ready, deferred, busy, failed, held; all without a word
        show <id>               what is known of a message
        trace <id>              what has happened to it
        retry <id> ...          send it again, or now instead of later
        hold <id> ...           keep it from being sent
        release <id> ...        no longer keep it
        delete <id> ...         remove it
        forward                 start a run
        flush                   have a run, and wait until it has ended
        stats                   counts of messages and events
        events                  the last delivery events

        --all                   retry, hold, release, delete: all that it applies to
        --state <state>         with --all, or for queue: only those in this state
        --limit <n>             queue: show so many (1000)
        --follow, -f            events: go on as they happen
        --json                  for programs
        --spool-dir <dir>       the relay's spool directory (/var/spool/stagepost)
        --socket <path>         its control socket (<spool>/.stagepost.control)
        --config <file>         its configuration, which says where both are
        --relay <name>          which relay of that configuration

      Exit codes: 0 done, 1 refused or failed, 2 wrong words, 3 no such message, 4 no relay answers,
      5 no right to use its socket.
      """;

  private UsageText() {}
}
