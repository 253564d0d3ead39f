package io.stagepost.config;

import java.util.ArrayList;
import java.util.List;

/** Refuses combinations of options that make no sense. */
final class Checks {

  private final OptionValues values;
  private final List<Problem> problems = new ArrayList<>();

  private Checks(OptionValues values) {
    this.values = values;
  }

  /** The combinations to refuse. */
  static List<Problem> of(OptionValues values) {
    Checks checks = new Checks(values);
    checks.checkNextHop();
    checks.checkServing();
    checks.checkRetries();
    checks.checkProcess();
    return checks.problems;
  }

  private void checkNextHop() {
    if (values.isOn(ForwardOptions.FORWARD_TO)) {
      return;
    }
    for (Option option :
        List.of(
            ForwardOptions.FORWARD,
            ForwardOptions.FORWARD_ON_DISCONNECT,
            ForwardOptions.FORWARD_ON_ARRIVAL,
            IntakeOptions.IMMEDIATE)) {
      if (values.isOn(option)) {
        refuse(option, "needs a next hop, given by \"--forward-to\"");
      }
    }
  }

  private void checkServing() {
    if (!values.isTyped(IntakeOptions.PORT) || !values.isGiven(IntakeOptions.PORT)) {
      return;
    }
    for (Option option :
        List.of(ForwardOptions.AS_CLIENT, IntakeOptions.DONT_SERVE, IntakeOptions.NO_SMTP)) {
      if (values.isOn(option)) {
        refuse(IntakeOptions.PORT, "cannot be used with \"" + option.spelled() + '"');
        return;
      }
    }
  }

  private void checkRetries() {
    if (!values.required(ForwardOptions.TEMPORARY_FAILURES).equalsIgnoreCase("keep")) {
      for (Option option :
          List.of(ForwardOptions.RETRY_DELAY, ForwardOptions.RETRY_MAXIMUM_DELAY)) {
        if (values.isTyped(option)) {
          refuse(option, "needs \"--temporary-failures=keep\"");
        }
      }
    } else if (values
            .period(ForwardOptions.RETRY_DELAY)
            .compareTo(values.period(ForwardOptions.RETRY_MAXIMUM_DELAY))
        > 0) {
      refuse(ForwardOptions.RETRY_DELAY, "cannot be longer than \"--retry-maximum-delay\"");
    }
  }

  private void checkProcess() {
    if (!values.isOn(ProcessOptions.LOG)) {
      for (Option option : List.of(ProcessOptions.VERBOSE, ProcessOptions.DEBUG)) {
        if (values.isTyped(option)) {
          refuse(option, "needs \"--log\"");
        }
      }
    }
    if (!values.isOn(ProcessOptions.CLUSTER)) {
      for (Option option : List.of(ProcessOptions.CLUSTER_HOST, ProcessOptions.CLUSTER_PORT)) {
        if (values.isTyped(option)) {
          refuse(option, "needs \"--cluster\"");
        }
      }
    }
  }

  private void refuse(Option option, String why) {
    problems.add(Problem.usage('"' + option.spelled() + "\" " + why));
  }
}
