package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.ChildProcess;

/** A wrong import is taken out of a real Weir and brought in rightly. */
class ImportUndoTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern ID = Pattern.compile("--undo (\\S+)");

  @TempDir Path temp;

  private record Run(int status, String out) {
    String id() {
      Matcher id = ID.matcher(out);
      assertThat(id.find()).as(out).isTrue();
      return id.group(1);
    }
  }

  private Run weir(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--data");
    all.add(temp.resolve("data").toString());
    StringWriter out = new StringWriter();
    int status =
        weir.server.cli.WeirCommand.execute(
            new PrintWriter(out), new PrintWriter(out), all.toArray(new String[0]));
    return new Run(status, out.toString());
  }

  private Path file(int rows) throws Exception {
    StringBuilder text = new StringBuilder("event,user,time\n");
    for (int i = 0; i < rows; i++) {
      text.append("x,u%d,2024-06-01 10:%02d:%02d\n".formatted(i % 7, i / 60 % 60, i % 60));
    }
    return Files.writeString(temp.resolve("a.csv"), text);
  }

  @Test
  void aWrongZoneIsUndoneAndTheRightOneCounts() throws Exception {
    Path file = file(245);
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      weir.send("/v1/track", "{\"event\":\"other\",\"userId\":\"u\"}");
      Run wrong = weir("import", file.toString());
      assertThat(wrong.status()).as(wrong.out()).isZero();
      assertThat(wrong.out())
          .contains("245 rows: 245 accepted, 0 not")
          .doesNotContain("duplicates");
      Run again = weir("import", file.toString());
      assertThat(again.out()).contains("245 of them were there before and were dropped");
      Run right = weir("import", file.toString(), "--time-zone", "Europe/Berlin");
      assertThat(right.out()).contains("245 accepted").doesNotContain("duplicates");
      weir.awaitNumber("select count(*) from events", 491);

      Run undone = weir("import", "--undo", wrong.id());
      assertThat(undone.out()).contains("245 events taken out");
      assertThat(undone.status()).isZero();
      weir.awaitNumber("select count(*) from events", 246);
      assertThat(weir.query("select min(timestamp) from x").toString()).contains("08:00:00");
      JsonNode events = weir.get("/api/v1/ledger").at("/tables/events");
      assertThat(events.path("erased").asLong()).isEqualTo(245);
      assertThat(events.path("rows").asLong()).isEqualTo(246);
      assertThat(weir.get("/api/v1/status").path("problems")).isEmpty();

      assertThat(weir("import", "--undo", wrong.id()).out()).contains("0 events taken out");
      Run back = weir("import", file.toString());
      assertThat(back.out()).as("their ids are free").doesNotContain("duplicates");
      weir.awaitNumber("select count(*) from events", 491);
      assertThat(weir("import", "--undo", "x").status()).isEqualTo(2);
    }
  }

  @Test
  void badEventsGoTooAndNamedSnapshotsStay() throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("b.csv"),
            "event,user,time\nx,u,2024-06-01 10:00\n"
                + "too long".repeat(1_000)
                + ",u,2024-06-01 10:00\n");
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      weir.send(
          "/v1/track", "{\"event\":\"x\",\"userId\":\"u\",\"timestamp\":\"1998-01-01T00:00:00Z\"}");
      Run imported = weir("import", file.toString());
      weir.awaitNumber("select count(*) from events", 1);
      weir.awaitNumber("select count(*) from bad_events", 2);
      assertThat(weir("snapshot", "create", "meanwhile").status()).isZero();

      Run undone = weir("import", "--undo", imported.id());
      assertThat(undone.out())
          .contains("1 event taken out, and 1 bad event")
          .contains(
              "Named snapshots never change: what was there when they were made stays in meanwhile");
      weir.awaitNumber("select count(*) from events", 0);
      weir.awaitNumber("select count(*) from bad_events", 1);
      assertThat(weir("query", "select count(*) from events", "--as-of", "meanwhile").out())
          .contains("1");
      JsonNode tables = weir.get("/api/v1/ledger").path("tables");
      assertThat(tables.at("/bad_events/erased").asLong()).isEqualTo(1);
      assertThat(weir.get("/api/v1/status").path("problems")).isEmpty();
      assertThat(weir("import", "--undo", imported.id()).out()).contains("0 events taken out");
    }
  }

  @Test
  void aKillAtAnyStepLeavesAllOrNothing() throws Exception {
    Path file = file(3_000);
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      for (int delay : new int[] {0, 60, 150}) {
        Run imported = weir("import", file.toString());
        assertThat(imported.out()).doesNotContain("duplicates");
        weir.awaitNumber("select count(*) from events", 3_000);
        weir.delete("/api/v1/imports/" + imported.id());
        long engine = engine();
        long until = System.nanoTime() + Duration.ofMillis(delay).toNanos();
        await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > until);
        ChildProcess.kill(engine);
        await().atMost(PATIENCE).until(() -> !Pids.isRunning(engine) && weir.isReady());
        long left = weir.number("select count(*) from events");
        Path record = temp.resolve("data/undo/default." + imported.id() + ".undo");
        if (left != 0 && !Files.exists(record)) {
          assertThat(left).as("killed after %d ms, before it had begun", delay).isEqualTo(3_000);
        }
        assertThat(weir("import", "--undo", imported.id()).status()).isZero();
        weir.awaitNumber("select count(*) from events", 0);
        assertThat(record).doesNotExist();
      }
      assertThat(weir.get("/api/v1/status").path("problems").toString())
          .as("the kills, but no rows that are missing or too many")
          .doesNotContain("rows", "balanced");
    }
  }

  private long engine() throws Exception {
    return JSON.readTree(temp.resolve("data/roles/engine.json").toFile()).path("pid").asLong();
  }
}
