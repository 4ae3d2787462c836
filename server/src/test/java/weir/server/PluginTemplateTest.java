package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project that {@code weir plugin new} writes, built by Maven and run by a real Weir. */
class PluginTemplateTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir Path temp;

  private record Run(int status, String out) {}

  private static Run weir(String... arguments) {
    StringWriter out = new StringWriter();
    int status =
        weir.server.cli.WeirCommand.execute(new PrintWriter(out), new PrintWriter(out), arguments);
    return new Run(status, out.toString());
  }

  @Test
  void isBuiltTriedAndRun() throws Exception {
    assumeTrue(hasMaven(), "no Maven here");
    Path project = temp.resolve("notes");
    Run made = weir("plugin", "new", "table_notes", "--dir", project.toString());
    assertThat(made.status()).as(made.out()).isZero();
    assertThat(weir("plugin", "new", "table_notes", "--dir", project.toString()).out())
        .contains("not empty");
    assertThat(weir("plugin", "new", "Table-Notes").status()).isEqualTo(2);
    build(project);
    Path jar = project.resolve("target/table-notes-1.0.0.jar");

    Run tried =
        weir(
            "plugin",
            "test",
            jar.toString(),
            "--events",
            project.resolve("events.jsonl").toString(),
            "--settings",
            "{\"note\":\"seen\",\"leave_out\":\"ping\"}");
    assertThat(tried.status()).as(tried.out()).isZero();
    assertThat(tried.out())
        .contains(
            "table_notes 1.0.0",
            "\"note\":\"seen\"",
            "  dropped",
            "3 in, 2 out, 1 dropped, 0 set aside");
    Run wrong = weir("plugin", "test", jar.toString(), "--settings", "{\"nte\":\"x\"}");
    assertThat(wrong.status()).isEqualTo(1);
    assertThat(wrong.out()).contains("there is no setting 'nte'", "3 set aside");
    assertThat(weir("plugin", "test", project.resolve("pom.xml").toString()).status()).isEqualTo(1);

    Path data = temp.resolve("data");
    Path plugins = Files.createDirectories(data.resolve("plugins"));
    try (RunningWeir weir = RunningWeir.start(data)) {
      Files.copy(jar, plugins.resolve("draft"));
      Files.move(plugins.resolve("draft"), plugins.resolve("notes.jar"));
      Run on =
          weir(
              "plugin",
              "on",
              "table_notes",
              "--settings",
              "{\"note\":\"hi\",\"leave_out\":\"ping\"}",
              "--data",
              data.toString());
      assertThat(on.status()).as(on.out()).isZero();
      weir.send("/v1/track", "{\"event\":\"view\",\"userId\":\"u\"}");
      weir.send("/v1/track", "{\"event\":\"ping\",\"userId\":\"u\"}");
      weir.awaitNumber("select count(*) from events where event = 'view'", 1);
      assertThat(weir.query("select p_note from events").get(0).get(0).asText()).isEqualTo("hi");
      await()
          .atMost(PATIENCE)
          .until(() ->
              weir.text("/api/v1/ledger").replace(" ", "").contains("\"plugin_table_notes\":1"));
      assertThat(weir("status", "--data", data.toString()).out())
          .contains(
              "table_notes of default: running, 2 events in, 1 out, 1 dropped",
              "2 accepted, 0 quarantined, 0 duplicate, 1 dropped, ");
      assertThat(weir("plugin", "off", "nothing", "--data", data.toString()).out())
          .contains("does not use nothing");
    }
  }

  private static boolean hasMaven() {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mvn")));
  }

  /** Without a network: what Weir's own build has fetched is enough, and the project's own lib. */
  private void build(Path project) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("mvn", "-B", "-o", "-Dstyle.color=never", "-Daether.offline.protocols=file"));
    String repository = System.getProperty("localRepository");
    if (repository != null) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    command.add("package");
    Path said = temp.resolve("maven.out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("JDK_JAVA_OPTIONS");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    assertThat(Files.readString(said)).contains("Tests run: 4, Failures: 0");
  }
}
