package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.cli.WeirCommand;

/** What goes wrong in somebody's first hour with Weir, and what Weir says to it. */
class FirstHourTest {
  private static final Pattern EXAMPLE = Pattern.compile("sql: `([^`]+)`");

  @TempDir Path temp;

  private record Run(int status, String out, String err) {}

  private Run weir(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--data");
    all.add(temp.resolve("data").toString());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        WeirCommand.execute(new PrintWriter(out), new PrintWriter(err), all.toArray(new String[0]));
    return new Run(status, out.toString(), err.toString());
  }

  @Test
  void whatIsMistakenIsExplained() throws Exception {
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      sendSome(weir);
      quarantinedEventsAreInTheStatus(weir);
      examplesCountPersons(weir);
      statementsMayBeginWithACommentOrComeFromStandardInput();
      whatIsCutIsSaidToBe();
      aFileThatCannotBeWrittenIsNamedWithTheReason();
      namesThatAreUnknownGetTheNearest(weir);
      keysOfTheOtherKindAreRecognised(weir);
      anUndoOfNothingSaysWhy();
    }
  }

  private static void sendSome(RunningWeir weir) {
    weir.send(
        "/v1/batch",
        """
        {"batch":[
          {"type":"track","event":"Product Viewed","anonymousId":"a1","properties":{"category":"Shoes"}},
          {"type":"track","event":"Product Viewed","userId":"eve","properties":{"category":"Hats","country":"NO"}},
          {"type":"identify","anonymousId":"a1","userId":"eve"},
          {"type":"track","event":"Product Viewed","userId":"old","timestamp":"1998-01-01T00:00:00Z"}]}
        """);
    weir.awaitNumber("select count(*) from events", 3);
    weir.awaitNumber("select count(*) from bad_events", 1);
  }

  private void quarantinedEventsAreInTheStatus(RunningWeir weir) {
    org.awaitility.Awaitility.await()
        .untilAsserted(() ->
            assertThat(weir.get("/api/v1/status").at("/ledger/quarantined").asLong()).isEqualTo(1));
    assertThat(weir("status").out())
        .contains("4 accepted, 1 quarantined, ", "select reason, count(*) from bad_events");
  }

  private static void examplesCountPersons(RunningWeir weir) throws IOException {
    String script;
    try (InputStream in =
        Objects.requireNonNull(
            FirstHourTest.class.getResourceAsStream("/weir/server/web/examples.js"))) {
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<JsonNode> answers = new ArrayList<>();
    Matcher example = EXAMPLE.matcher(script);
    while (example.find()) {
      answers.add(weir.query(example.group(1)));
    }
    assertThat(answers).hasSize(script.split("name: '", -1).length - 1);
    assertThat(
            weir.query("select country, p_country from product_viewed where p_country = 'NO'")
                .toString())
        .as("a property that is called like a column")
        .isEqualTo("[[null,\"NO\"]]");
    assertThat(answers.getFirst().toString()).contains("[\"Product Viewed\",2,1]");
    JsonNode sessions = weir.query("select count(*) from sessions");
    assertThat(answers)
        .anyMatch(rows -> rows.size() == 1 && rows.at("/0/1").equals(sessions.at("/0/0")));
  }

  private void statementsMayBeginWithACommentOrComeFromStandardInput() throws Exception {
    String statement = "-- the newest\nselect 41 + 1 as n";
    assertThat(weir("query", statement, "--format", "csv").out()).contains("42");
    assertThat(weir("table", "keep", "kept", statement).out())
        .startsWith("stored kept: 1 row, 1 column, ");
    Process child =
        new ProcessBuilder(
                weir.testkit.WeirCommand.of(
                    List.of("--enable-native-access=ALL-UNNAMED"),
                    "query",
                    "-",
                    "--format",
                    "csv",
                    "--data",
                    temp.resolve("data").toString()))
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = child.getOutputStream()) {
      in.write(statement.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("n", "42");
    assertThat(child.waitFor()).isZero();
  }

  private void whatIsCutIsSaidToBe() {
    assertThat(weir("query", "select repeat('x', 81) as v").out())
        .endsWith(
            "(1 row)\n(what is wider than 80 characters is cut; --format csv shows them whole)\n");
  }

  private void aFileThatCannotBeWrittenIsNamedWithTheReason() throws IOException {
    Path folder = temp.resolve("nodir");
    Path file = folder.resolve("x.csv");
    Run run = weir("query", "select 1", "--format", "csv", "--output", file.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err().strip())
        .isEqualTo("weir: cannot write " + file + ": there is no folder " + folder);
    Files.createDirectory(folder);
    assertThat(weir("query", "select 1", "--output", folder.toString()).err())
        .contains(folder + " is a folder");
  }

  private void namesThatAreUnknownGetTheNearest(RunningWeir weir) {
    assertThat(weir("query", "select * from events where event = \"Product Viewed\"").err())
        .contains("a text stands in single quotes: 'Product Viewed'");
    assertThat(weir("query", "select pricee from events").err())
        .contains("pricee")
        .doesNotContain("single quotes");
    assertThat(weir("query", "select * from product_view").err())
        .contains("there is no table product_view; the nearest: product_viewed; ");
    assertThat(weir("snapshot", "create", "s1").out()).endsWith(": 3 events\n");
    assertThat(weir("query", "select count(*) from events", "--as-of", "2026-11-30").err())
        .contains("there are s1; a time is written like 2026-01-31T10:00:00Z");
    Run made = weir("key", "create", "--scope", "read", "--limit", "categry=Shoes");
    assertThat(made.out()).contains("key  ak_");
    assertThat(made.err())
        .contains("note: no property named categry was ever seen", "the nearest: category");
    for (String known : new String[] {"category", "source"}) {
      assertThat(weir("key", "create", "--scope", "read", "--limit", known + "=x").err()).isEmpty();
    }
    assertThat(weir.get("/api/v1/keys").toString()).doesNotContain("notes");
  }

  private void keysOfTheOtherKindAreRecognised(RunningWeir weir) {
    assertThat(weir("query", "select 1", "--key", weir.writeKey()).err())
        .contains("this is a write key");
    assertThat(weir.post("/v1/track", "{}").body())
        .contains("not_found", "events go to the collector, at " + weir.collector());
    assertThat(weir.send("/api/v1/query", "{}").body())
        .contains("not_found", "/api/v1/query is at the API's port");
  }

  private void anUndoOfNothingSaysWhy() throws IOException {
    Path csv = Files.writeString(temp.resolve("a.csv"), "event,user,time\nx,u,2024-06-01 10:00\n");
    assertThat(weir("import", csv.toString()).out()).contains("1 row: 1 accepted, 0 not");
    String again = weir("import", csv.toString()).out();
    assertThat(again).contains("1 of them were there before");
    Matcher name = Pattern.compile("--undo (\\S+)").matcher(again);
    assertThat(name.find()).isTrue();
    assertThat(weir("import", "--undo", name.group(1)).out())
        .contains(
            "0 events taken out", "Rows that an earlier import had brought belong to that one");
  }
}
