package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.WeirCommand;

/**
 * Does what the documentation says: gives its marked commands, page by page, to one Weir, in a
 * folder where {@code ./weir} is Weir, {@code data} its data directory and {@code examples} what is
 * there.
 */
class DocsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> PAGES =
      List.of(
          "docs/guide/quick-start.md",
          "README.md",
          "docs/guide/import.md",
          "docs/guide/live-page.md",
          "docs/guide/configuration.md",
          "docs/guide/operations.md",
          "docs/guide/exactly-once.md",
          "docs/guide/formats.md",
          "docs/guide/backup.md",
          "docs/guide/questions.md",
          "docs/guide/trends.md",
          "docs/guide/funnels.md",
          "docs/guide/retention.md",
          "docs/guide/paths.md",
          "docs/guide/sessions.md",
          "docs/guide/distribution.md",
          "docs/guide/persons.md",
          "docs/guide/keys.md",
          "docs/guide/enrichments.md",
          "docs/guide/plugins.md",
          "docs/guide/streams.md",
          "docs/guide/deliveries.md",
          "docs/guide/tables.md",
          "docs/guide/snapshots.md",
          "docs/guide/tracker.md",
          "docs/guide/clients.md",
          "docs/guide/snowplow.md",
          "docs/guide/ga4.md",
          "docs/guide/cloudevents.md",
          "docs/guide/pixel.md",
          "docs/guide/webhooks.md",
          "docs/guide/menu.md");

  private static final List<String> JVM =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-BytecodeVerificationRemote",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path home;
  private int numbered;

  @Test
  void whatThePagesTellWorks() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash here");
    assumeTrue(has("curl"), "no curl here");
    assumeTrue(has("python3"), "no python3 here");
    writeCommand();
    Path settings =
        Files.writeString(
            home.resolve("settings.yaml"), "deliveries: {allowed_networks: 127.0.0.0/8}\n");
    try (RunningWeir weir =
        RunningWeir.start(home.resolve("data"), "--config", settings.toString())) {
      for (String page : PAGES) {
        DocsPage read = DocsPage.read(ROOT.resolve(page));
        DocsPage here =
            new DocsPage(
                read.file(),
                read.text()
                    .replace("http://127.0.0.1:8080", weir.collector())
                    .replace("http://127.0.0.1:8090", weir.api()));
        assertThat(here.commands()).as(page).isNotEmpty();
        for (DocsPage.Commands commands : here.commands()) {
          follow(page, commands);
        }
      }
      assertThat(weir.text("/metrics").split("[ {\n]"))
          .as("the metrics that docs/guide names")
          .contains(metricsNamed("docs/guide/operations.md"));
    }
  }

  private static String[] metricsNamed(String page) throws IOException {
    return Pattern.compile("weir_[a-z_]+")
        .matcher(DocsPage.read(ROOT.resolve(page)).text())
        .results()
        .map(MatchResult::group)
        .distinct()
        .toArray(String[]::new);
  }

  @Test
  void everyLinkedFileIsThere() throws Exception {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      List<Path> pages =
          Stream.concat(
                  docs.filter(file -> file.toString().endsWith(".md")),
                  Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(ROOT::resolve))
              .toList();
      for (Path page : pages) {
        assertThat(DocsPage.read(page).links()).as(page.toString()).allMatch(Files::exists);
      }
    }
  }

  @Test
  void dotsStandForAnything() {
    assertThat(output("a ... b\n...\nc\n"))
        .matches(page -> page.print("a 1 2 b\nc\n"))
        .matches(page -> page.print("a  b \nmore\nand more\nc"))
        .matches(page -> !page.print("a 1 2 b\nc\nd\n"))
        .matches(page -> !page.print("a b\nc\n"));
    assertThat(output("a.b\n")).matches(page -> !page.print("axb\n"));
  }

  private static DocsPage.Commands output(String text) {
    return new DocsPage.Commands("", false, Optional.of(text));
  }

  /**
   * A script that does what {@code ./weir} does once everything is built, and what lies beside it.
   */
  private void writeCommand() throws IOException {
    Path command = home.resolve("weir");
    Files.writeString(
        command,
        """
        #!/bin/bash
        exec %s "$@"
        """
            .formatted(
                WeirCommand.of(JVM).stream()
                    .map(part -> "'" + part + "'")
                    .collect(Collectors.joining(" "))));
    assertThat(command.toFile().setExecutable(true)).isTrue();
    Files.createFile(home.resolve("variables"));
    copy(ROOT.resolve("examples"), home.resolve("examples"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private void follow(String page, DocsPage.Commands commands) throws Exception {
    Path printed = home.resolve("printed-" + numbered++);
    if (commands.await()) {
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertFollowed(page, commands, printed));
    } else {
      assertFollowed(page, commands, printed);
    }
  }

  private void assertFollowed(String page, DocsPage.Commands commands, Path printed)
      throws Exception {
    int code = run(commands.text(), printed);
    String said = Files.readString(printed);
    String what = page + " tells to give\n" + commands.text() + "\nwhich printed\n" + said;
    assertThat(code).as(what).isZero();
    assertThat(commands.print(said))
        .as(what + "\nand not\n" + commands.output().orElse(""))
        .isTrue();
  }

  /** Variables that one block sets are there in the next. */
  private int run(String commands, Path printed) throws Exception {
    String script = "set -aeu\n. ./variables\n" + commands + "\nexport -p > variables\n";
    ProcessBuilder bash = new ProcessBuilder("/bin/bash", "-c", script);
    bash.directory(home.toFile());
    bash.environment()
        .keySet()
        .removeIf(name -> name.startsWith("WEIR_") || name.equals("JDK_JAVA_OPTIONS"));
    bash.redirectErrorStream(true).redirectOutput(printed.toFile());
    Process process = bash.start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      fail("still runs: " + commands + "\n" + Files.readString(printed));
    }
    return process.exitValue();
  }

  private static boolean has(String command) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }
}
