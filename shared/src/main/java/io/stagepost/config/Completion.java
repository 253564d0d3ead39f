package io.stagepost.config;

import java.util.stream.Collectors;

/** The script by which bash completes options, made from the option table. */
final class Completion {

  private static final String OPERATOR =
      "queue show trace retry hold release delete forward flush stats events";

  private Completion() {}

  static String text() {
    return """
        # Completion of Stagepost's options, for bash.
        _stagepost() {
          local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
          local IFS=$' \\t\\n'
          case $previous in
            %s)
              COMPREPLY=($(compgen -f -- "$word")); return ;;
            %s)
              COMPREPLY=(); return ;;
          esac
          case $word in
            -*) COMPREPLY=($(compgen -W '%s' -- "$word")) ;;
            *) if [ "$COMP_CWORD" = 1 ] && [ "${1##*/}" = stagepost ]; then
                 COMPREPLY=($(compgen -W 'config %s' -- "$word") $(compgen -f -- "$word"))
               elif [ "$COMP_CWORD" = 2 ] && [ "$previous" = queue ]; then
                 COMPREPLY=($(compgen -W 'ready deferred busy failed held' -- "$word"))
               elif [ "$COMP_CWORD" = 2 ] && [ "$previous" = config ]; then
                 COMPREPLY=($(compgen -W '%s' -- "$word"))
               else
                 COMPREPLY=($(compgen -f -- "$word"))
               fi ;;
          esac
        }
        complete -o filenames -F _stagepost stagepost emailrelay
        """
        .formatted(
            taking("a path"),
            taking(""),
            all(),
            OPERATOR,
            String.join(" ", ConfigCommand.SUBCOMMANDS));
  }

  /** Options that take the next word, those that want that, or all others. */
  private static String taking(String wanted) {
    return OptionTable.all().stream()
        .filter(option -> option.syntax().takesWord())
        .filter(option -> wanted.isEmpty() != option.rule().expected().equals("a path"))
        .map(option -> option.spelled() + (option.letter() == 0 ? "" : "|-" + option.letter()))
        .collect(Collectors.joining("|"));
  }

  private static String all() {
    return OptionTable.all().stream()
        .filter(option -> option.audience() != Option.Audience.NOBODY)
        .map(Option::spelled)
        .collect(Collectors.joining(" "));
  }
}
