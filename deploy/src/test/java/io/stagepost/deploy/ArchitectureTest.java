package io.stagepost.deploy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which package may know which. */
@AnalyzeClasses(
    packages = "io.stagepost",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoJarsOfTests.class})
class ArchitectureTest {

  /** Once packed, tests can't be told by their directory. */
  static final class NoJarsOfTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static final String ROOT = "io.stagepost.";

  // What each package of the shared module may use of ours.
  private static final Map<String, List<String>> SHARED =
      Map.ofEntries(
          Map.entry("smtp", List.of()),
          Map.entry("wire", List.of()),
          Map.entry("net", List.of("telemetry")),
          Map.entry("mime", List.of("smtp")),
          Map.entry("telemetry", List.of()),
          Map.entry("spool", List.of("smtp", "wire")),
          Map.entry("filter", List.of("smtp", "spool")),
          Map.entry("auth", List.of("smtp", "net", "telemetry")),
          Map.entry("bus", List.of("smtp", "spool")),
          Map.entry("events", List.of("bus", "smtp", "spool")),
          Map.entry("config", List.of("smtp", "net", "wire", "telemetry", "auth")));

  private static final List<String> VERTICLES = List.of("smtpserver", "pop", "forwarder", "admin");

  @ArchTest
  static void sharedPackagesUseOnlyWhatTheyMay(JavaClasses imported) {
    SHARED.forEach((name, uses) -> only(name, uses).check(imported));
  }

  @ArchTest
  static void verticlesNeverKnowEachOther(JavaClasses imported) {
    for (String verticle : VERTICLES) {
      String[] others =
          VERTICLES.stream()
              .filter(o -> !o.equals(verticle))
              .map(o -> ROOT + o + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(ROOT + verticle + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .allowEmptyShould(true)
          .check(imported);
    }
  }

  @ArchTest
  static final ArchRule nobodyKnowsDeployment =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "deploy..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "deploy..");

  @ArchTest
  static final ArchRule sharedKnowsNoVerticle =
      noClasses()
          .that()
          .resideInAnyPackage(
              SHARED.keySet().stream().map(p -> ROOT + p + "..").toArray(String[]::new))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(VERTICLES.stream().map(p -> ROOT + p + "..").toArray(String[]::new));

  @ArchTest
  static final ArchRule noPackageCycles =
      slices().matching("io.stagepost.(**)").should().beFreeOfCycles();

  private static ArchRule only(String name, List<String> uses) {
    List<String> allowed = new ArrayList<>();
    allowed.add(ROOT + name + "..");
    uses.forEach(u -> allowed.add(ROOT + u + ".."));
    return classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("io.stagepost..")
                .or(resideInAnyPackage(allowed.toArray(String[]::new))))
        .allowEmptyShould(true);
  }
}
