package io.stagepost.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds the options that {@code --as-client}, {@code --as-proxy} and {@code --as-server} imply. */
final class Implications {

  private final List<Setting> given;
  private final List<Setting> all;
  private final Collection<Problem> problems;

  private Implications(List<Setting> given, Collection<Problem> problems) {
    this.given = given;
    this.all = new ArrayList<>(given);
    this.problems = problems;
  }

  /**
   * All settings with those that follow from them.
   *
   * @param problems a next hop that is given twice is added here
   */
  static List<Setting> of(List<Setting> given, Collection<Problem> problems) {
    Implications implications = new Implications(given, problems);
    given.forEach(implications::follow);
    return implications.all;
  }

  private void follow(Setting setting) {
    Option option = setting.option();
    if (option.equals(ForwardOptions.AS_CLIENT)) {
      imply(setting, ProcessOptions.LOG, ProcessOptions.NO_SYSLOG, ProcessOptions.NO_DAEMON);
      imply(setting, IntakeOptions.DONT_SERVE, ForwardOptions.FORWARD);
      implyNextHop(setting);
    } else if (option.equals(ForwardOptions.AS_PROXY)) {
      imply(setting, ProcessOptions.LOG, ProcessOptions.CLOSE_STDERR);
      imply(setting, ForwardOptions.FORWARD_ON_DISCONNECT);
      implyNextHop(setting);
    } else if (option.equals(ForwardOptions.AS_SERVER) && isOn(setting)) {
      imply(setting, ProcessOptions.LOG, ProcessOptions.CLOSE_STDERR);
    }
  }

  private static boolean isOn(Setting flag) {
    return flag.value() == null || YesNo.of(flag.value()).equals(Optional.of(YesNo.YES));
  }

  private void imply(Setting by, Option... flags) {
    for (Option flag : flags) {
      all.add(implied(by, flag, null));
    }
  }

  private void implyNextHop(Setting as) {
    Option to = ForwardOptions.FORWARD_TO;
    if (given.stream().anyMatch(s -> s.option().equals(to) && !s.isFrom(Origin.Format.RELAY))) {
      problems.add(
          Problem.usage("\"--forward-to\" cannot be used with \"" + as.option().spelled() + '"'));
    } else if (as.value() != null && to.rule().accepts().test(as.value())) {
      all.add(implied(as, to, as.value()));
    }
  }

  private static Setting implied(Setting by, Option option, @Nullable String value) {
    Origin origin = new Origin.Implied(by.spelled());
    return new Setting(by.relay(), option, option.spelled(), value, origin);
  }
}
