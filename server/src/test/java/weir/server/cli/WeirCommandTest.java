package weir.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import weir.config.Setting;
import weir.config.Settings;

class WeirCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = WeirCommand.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  @Test
  void everyCommandExplainsItself() {
    for (String command :
        new String[] {
          "start",
          "query",
          "status",
          "config",
          "import",
          "doctor",
          "backup",
          "restore",
          "demo",
          "project",
          "key",
          "table",
          "snapshot"
        }) {
      assertThat(run(command, "--help")).isZero();
    }
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("--port", "--api-port", "--roles", "--format", "--key", "exits 1")
        .doesNotContain("role ROLE");
  }

  @Test
  void theListOfCommandsShowsWholeSentences() {
    assertWholeSentences(WeirCommand.commandLine());
  }

  private static void assertWholeSentences(CommandLine line) {
    line.getSubcommands()
        .forEach((name, command) -> {
          if (!command.getCommandSpec().usageMessage().hidden()) {
            assertThat(command.getCommandSpec().usageMessage().description()[0])
                .as(name)
                .matches("[A-Z][^.]*\\.( [A-Z][^.]*\\.)?");
          }
          assertLinesFit(name, command);
          assertWholeSentences(command);
        });
  }

  /** A line that goes on in the next one is not wrapped. */
  private static void assertLinesFit(String name, CommandLine command) {
    for (String line : command.getCommandSpec().usageMessage().description()) {
      assertThat(line)
          .as(name)
          .satisfiesAnyOf(
              text -> assertThat(text).endsWith("."), text -> assertThat(text).hasSizeLessThan(80));
    }
  }

  @Test
  void helpShowsThatOfACommand() {
    assertThat(run("query", "--help")).isZero();
    String help = out.toString();
    assertThat(help).contains("sessions, users, items, identities", "weir table", "standard input");
    out.getBuffer().setLength(0);
    assertThat(run("help", "query")).isZero();
    assertThat(out.toString()).isEqualTo(help);
    assertThat(run("help")).isZero();
    assertThat(out.toString()).contains("  help ", "Shows what COMMAND --help does.");
  }

  @Test
  void aFileThatIsMissingIsCalledThat(@TempDir Path folder) {
    Path file = folder.resolve("none.yaml");
    assertThat(run("config", "--config", file.toString())).isEqualTo(WeirCommand.USAGE);
    assertThat(err.toString())
        .contains(file + ": cannot be read: there is no file or folder " + file);
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("(?s)weir \\d+\\.\\d+.*Java \\d+.*");
  }

  @Test
  void whatIsNoCommandIsRefusedWithTheUsage() {
    assertThat(run("strat")).isEqualTo(WeirCommand.USAGE);
    assertThat(err.toString()).contains("start");
  }

  @Test
  void theEffectiveConfigurationIsPrintedWithAllSettings(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), "query: {threads: 3}\n");
    assertThat(run("config", "--config", file.toString(), "--host", "0.0.0.0")).isZero();
    assertThat(out.toString()).contains("threads: '3'", "host: '0.0.0.0'");
    for (Setting<?> setting : Settings.all()) {
      assertThat(out.toString()).contains(setting.description());
    }
  }

  @Test
  void theGuideExplainsEverySetting() throws Exception {
    assertThat(run("config", "--reference")).isZero();
    for (Setting<?> setting : Settings.all()) {
      assertThat(out.toString())
          .contains("`" + setting.key() + "`<br>`" + setting.environmentName() + "` | ");
    }
    Path page = Path.of("..", "docs", "guide", "configuration.md");
    assertThat(Files.readString(page))
        .as(
            "the page is made from the code: ./weir config --reference > docs/guide/configuration.md")
        .isEqualTo(out.toString());
  }

  @Test
  void administrationSaysWhatItLacks() {
    for (String command : new String[] {"project", "key", "table", "snapshot"}) {
      assertThat(run(command)).isEqualTo(WeirCommand.USAGE);
      assertThat(run(command, "create", "--help")).isZero();
    }
    assertThat(err.toString()).contains("create|list|close", "create|list|change|revoke");
    assertThat(run("key", "create", "--url", "http://127.0.0.1:1", "--key", "k"))
        .isEqualTo(WeirCommand.USAGE);
    assertThat(err.toString()).contains("--source", "--scope");
  }

  @Test
  void aWrongConfigurationStopsTheStartAndNamesAllFaults(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), "query: {thread: 3}\nlog: 1\n");
    Path data = folder.resolve("data");
    assertThat(run("start", "--config", file.toString(), "--data", data.toString(), "--port", "x"))
        .isEqualTo(WeirCommand.USAGE);
    assertThat(err.toString())
        .contains("w.yaml:1: no such setting: query.thread; the nearest is query.threads")
        .contains("w.yaml:2: log is a section")
        .contains("--port: collect.port must be a whole number from 0 to 65535, not 'x'");
    assertThat(data).doesNotExist();
  }
}
