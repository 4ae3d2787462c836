package weir.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What may import what; the Maven dependencies say the same of modules. */
class ArchitectureTest {
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("plugin", Set.of()),
          Map.entry("event", Set.of()),
          Map.entry("directory", Set.of("log")),
          Map.entry("log", Set.of("event")),
          Map.entry("decode", Set.of("event")),
          Map.entry("collect", Set.of("event", "decode", "log")),
          Map.entry("enrich", Set.of("event", "decode")),
          Map.entry("process", Set.of("event", "decode", "enrich", "log")),
          Map.entry("tap", Set.of("event", "log")),
          Map.entry("delivery", Set.of("event", "log", "tap")),
          Map.entry("lake", Set.of("event", "log")),
          Map.entry("query", Set.of("event", "log", "lake")),
          Map.entry("config", Set.of("event", "directory")),
          Map.entry("metadata", Set.of("event", "directory")),
          Map.entry(
              "tools",
              Set.of(
                  "event", "decode", "log", "process", "lake", "directory", "config", "metadata")),
          Map.entry("testkit", Set.of("event")));

  private static final JavaClasses WEIR =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("weir");

  @Test
  void modulesImportOnlyWhatTheyMay() {
    ALLOWED.forEach((module, allowed) -> {
      List<String> packages = new ArrayList<>();
      ALLOWED.keySet().stream()
          .filter(other -> !other.equals(module) && !allowed.contains(other))
          .forEach(other -> packages.add("weir." + other + ".."));
      packages.add("weir.server..");
      noClasses()
          .that()
          .resideInAPackage("weir." + module + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(packages.toArray(String[]::new))
          .check(WEIR);
    });
  }

  @Test
  void everyModuleIsKnownHere() {
    ALLOWED
        .keySet()
        .forEach(module -> assertThat(WEIR.containPackage("weir." + module)).as(module).isTrue());
    WEIR.forEach(each ->
        assertThat(each.getPackageName().split("\\.")[1])
            .matches(module -> ALLOWED.containsKey(module) || module.equals("server")));
  }

  @Test
  void nobodyButTheServerUsesTheServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("weir.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("weir.server..")
        .check(WEIR);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("weir.(**)").should().beFreeOfCycles().check(WEIR);
  }

  @Test
  void onlyTheServerAsksForTheTime() {
    for (String method : List.of("currentTimeMillis", "nanoTime")) {
      noClasses()
          .that()
          .resideOutsideOfPackages("weir.server..", "weir.testkit..")
          .should()
          .callMethod(System.class, method)
          .check(WEIR);
    }
    noClasses().should().callMethod(java.time.Instant.class, "now").check(WEIR);
  }

  @Test
  void packagesHaveNamesThatSaySomething() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..common..", "..core..", "..impl..", "..helper..")
        .check(WEIR);
  }

  @Test
  void everyPackageIsNullMarked() {
    JavaPackage root = WEIR.getPackage("weir");
    List<String> unmarked = new ArrayList<>();
    root.getSubpackagesInTree().stream()
        .filter(each -> !each.getClasses().isEmpty())
        .filter(each -> !each.isAnnotatedWith(NullMarked.class))
        .forEach(each -> unmarked.add(each.getName()));
    assertThat(unmarked).isEmpty();
  }
}
