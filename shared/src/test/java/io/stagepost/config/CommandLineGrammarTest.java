package io.stagepost.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** The grammar of the command line, whatever the options are. */
class CommandLineGrammarTest {

  private static final Set<String> ON = Set.of("y", "yes", "t", "true", "1", "on");

  @Property
  void aValueIsTheSameInAllItsForms(
      @ForAll("valued") Option option, @ForAll @StringLength(min = 1, max = 20) String value) {
    assertThat(values(option.spelled() + "=" + value)).containsExactly(value);
    if (!value.startsWith("-")) {
      assertThat(values(option.spelled(), value)).containsExactly(value);
      if (option.letter() != 0) {
        assertThat(values("-" + option.letter(), value)).containsExactly(value);
      }
    }
  }

  @Property
  void aWordThatLooksLikeAnOptionIsNoValue(
      @ForAll("valued") Option option, @ForAll("flags") Option flag) {
    CommandLine.Result result = CommandLine.read(List.of(option.spelled(), flag.spelled()));
    assertThat(result.problems()).hasSize(1);
    assertThat(result.settings()).extracting(Setting::option).containsExactly(flag);
  }

  @Property
  void aBundleIsTheSameAsItsLetters(
      @ForAll @Size(min = 1, max = 6) List<@From("lettered") Option> flags) {
    StringBuilder bundle = new StringBuilder("-");
    flags.forEach(flag -> bundle.append(flag.letter()));
    CommandLine.Result result = CommandLine.read(List.of(bundle.toString()));
    assertThat(result.problems()).isEmpty();
    assertThat(result.settings()).extracting(Setting::option).containsExactlyElementsOf(flags);
    assertThat(result.settings()).extracting(Setting::value).containsOnlyNulls();
  }

  @Property
  void flagsUnderstandSomeWordsInAnyCase(
      @ForAll("flags") Option flag, @ForAll("switches") String word) {
    List<Problem> problems = new ArrayList<>();
    OptionValues values = OptionValues.ofProcess(Flavour.DROP_IN);
    Gatherer.gather(
        values, CommandLine.read(List.of(flag.spelled() + "=" + word)).settings(), problems);
    assertThat(problems).isEmpty();
    assertThat(values.count(flag)).isEqualTo(ON.contains(word.toLowerCase(Locale.ROOT)) ? 1 : 0);
  }

  @Property
  void listsConcatenateInOrder(
      @ForAll @Size(min = 1, max = 5)
          List<@CharRange(from = 'a', to = 'z') @StringLength(min = 1, max = 5) String> items) {
    List<String> words = items.stream().map(item -> "--pid-file=" + item).toList();
    List<Problem> problems = new ArrayList<>();
    OptionValues values = OptionValues.ofProcess(Flavour.OWN);
    Gatherer.gather(values, CommandLine.read(words).settings(), problems);
    assertThat(problems).isEmpty();
    assertThat(values.list(ProcessOptions.PID_FILE)).isEqualTo(items);
  }

  @Property
  void anythingGivesAResultAndNoLineOfItBreaks(
      @ForAll @Size(max = 6) List<@StringLength(max = 12) String> words) {
    String[] options =
        words.stream().map(word -> "--" + word.replace(' ', '-')).toArray(String[]::new);
    Assume.that(CommandLine.read(List.of(options)).file().isEmpty());
    ConfigResult result = Configured.read(Flavour.DROP_IN, options);
    if (result instanceof ConfigResult.Failed failed) {
      assertThat(failed.lines()).allMatch(line -> line.chars().noneMatch(Character::isISOControl));
    }
  }

  @Property
  void whatFollowsTheOptionsIsTheFile(@ForAll("flags") Option flag) {
    String on = flag.spelled();
    assertThat(CommandLine.read(List.of(on, "a.conf")).file()).contains("a.conf");
    assertThat(CommandLine.read(List.of(on, "--", "--log")).file()).contains("--log");
    assertThat(CommandLine.read(List.of(on, "-")).file()).contains("-");
    assertThat(CommandLine.read(List.of(on, "a.conf", on)).problems()).hasSize(1);
  }

  @Provide
  Arbitrary<Option> valued() {
    return Arbitraries.of(
        OptionTable.all().stream().filter(option -> option.syntax().takesWord()).toList());
  }

  @Provide
  Arbitrary<Option> flags() {
    return Arbitraries.of(
        OptionTable.all().stream().filter(option -> option.syntax() == Syntax.NONE).toList());
  }

  @Provide
  Arbitrary<Option> lettered() {
    return Arbitraries.of(
        OptionTable.all().stream()
            .filter(option -> !option.syntax().takesWord() && option.letter() != 0)
            .toList());
  }

  @Provide
  Arbitrary<String> switches() {
    return Arbitraries.of("y", "yes", "t", "true", "1", "on", "n", "no", "f", "false", "0", "off")
        .flatMap(word -> Arbitraries.of(word, word.toUpperCase(Locale.ROOT)));
  }

  private static List<String> values(String... words) {
    CommandLine.Result result = CommandLine.read(List.of(words));
    assertThat(result.problems()).isEmpty();
    return result.settings().stream().map(setting -> String.valueOf(setting.value())).toList();
  }
}
