package io.stagepost.config;

import io.stagepost.telemetry.LogText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins the uses of each option into one value, and checks it against the option's rule. */
final class Gatherer {

  private final OptionValues values;
  private final List<Problem> problems = new ArrayList<>();

  private Gatherer(OptionValues values) {
    this.values = values;
  }

  /**
   * Joins settings.
   *
   * @param values where they go
   * @param problems what is wrong is added here; the option is then left out
   */
  static void gather(
      OptionValues values, Collection<Setting> settings, Collection<Problem> problems) {
    Gatherer gatherer = new Gatherer(values);
    Map<Option, List<Setting>> uses = new LinkedHashMap<>();
    for (Setting setting : settings) {
      uses.computeIfAbsent(setting.option(), option -> new ArrayList<>()).add(setting);
    }
    uses.forEach((option, ofOne) -> gatherer.join(option, precedent(ofOne)));
    problems.addAll(gatherer.problems);
  }

  /** The command line hides relay.conf; lines of an emailrelay.conf stand beside it. */
  private static List<Setting> precedent(List<Setting> uses) {
    boolean onlyFile = uses.stream().allMatch(use -> use.isFrom(Origin.Format.RELAY));
    return onlyFile ? uses : uses.stream().filter(use -> !use.isFrom(Origin.Format.RELAY)).toList();
  }

  private void join(Option option, List<Setting> uses) {
    if (!uses.getFirst().isFrom(Origin.Format.RELAY)) {
      values.putTyped(option);
    }
    values.putUse(uses.getFirst());
    switch (option.syntax()) {
      case NONE -> joinFlag(option, uses);
      case ONE -> joinOne(option, uses);
      case LIST, OPTIONAL -> joinList(option, uses);
    }
  }

  private void joinFlag(Option option, List<Setting> uses) {
    int on = 0;
    int off = 0;
    for (Setting use : uses) {
      Optional<YesNo> sense = use.value() == null ? Optional.of(YesNo.YES) : YesNo.of(use.value());
      if (sense.isEmpty()) {
        problems.add(notSwitched(use));
        return;
      }
      if (sense.get() == YesNo.YES) {
        on++;
      } else {
        off++;
      }
    }
    if (on > 0 && off > 0) {
      Setting last = uses.getLast();
      problems.add(
          Problem.option(
              last.origin().prefix() + "conflicting values: \"" + last.spelled() + "\""));
      return;
    }
    values.putFlag(option, on);
  }

  private void joinOne(Option option, List<Setting> uses) {
    Set<String> different = new LinkedHashSet<>();
    for (Setting use : uses) {
      String value = use.value();
      if (value == null) {
        problems.add(missing(use));
        return;
      }
      different.add(value);
    }
    Setting last = uses.getLast();
    if (different.size() > 1) {
      problems.add(
          Problem.option(last.origin().prefix() + "duplicate use of \"" + last.spelled() + "\""));
    } else if (isGood(last, last.value())) {
      values.putValues(option, List.copyOf(different));
    }
  }

  private void joinList(Option option, List<Setting> uses) {
    List<String> items = new ArrayList<>();
    boolean good = true;
    for (Setting use : uses) {
      String value = use.value();
      if (value == null && option.syntax() == Syntax.LIST) {
        problems.add(missing(use));
        good = false;
      } else if (value != null) {
        for (String item : ValueText.items(value)) {
          good &= isGood(use, item);
          items.add(item);
        }
      }
    }
    if (good
        && (!items.isEmpty()
            || option.syntax() == Syntax.OPTIONAL
            || uses.getLast().isFrom(Origin.Format.RELAY))) {
      values.putValues(option, items);
    }
  }

  private boolean isGood(Setting use, @Nullable String value) {
    if (value == null || use.option().rule().accepts().test(value)) {
      return value != null;
    }
    problems.add(
        Problem.usage(
            use.origin().prefix()
                + "invalid value "
                + LogText.quote(Showing.masked(use.option(), AuthText.maskedInline(value)))
                + " for \""
                + use.spelled()
                + "\": "
                + use.option().rule().expected()
                + " is needed"
                + LogText.escape(use.option().rule().suggestion().apply(value))));
    return false;
  }

  private static Problem notSwitched(Setting use) {
    if (use.isFrom(Origin.Format.RELAY)) {
      return Problem.usage(
          use.origin().prefix()
              + "invalid value "
              + LogText.quote(String.valueOf(use.value()))
              + " for \""
              + use.spelled()
              + "\": yes or no is needed");
    }
    return Problem.option(
        use.origin().prefix() + "cannot give a value with \"" + use.spelled() + "\"");
  }

  private static Problem missing(Setting use) {
    return Problem.option(
        use.origin().prefix() + "no value supplied for \"" + use.spelled() + "\"");
  }
}
