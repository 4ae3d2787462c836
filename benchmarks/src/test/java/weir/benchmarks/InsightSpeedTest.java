package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data of {@code bench insights}, small, and what Weir answers to its questions. */
class InsightSpeedTest {
  private static final int EVENTS = 20_000;
  private static final Duration SOON = Duration.ofSeconds(60);

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  @TempDir Path directory;

  private VisitData data() throws Exception {
    return VisitData.in(
        directory.resolve("visits"), EVENTS, 0.2, InstantSource.system(), System::nanoTime, out);
  }

  @Test
  void questionsAreAnsweredOverWhatWasMade() throws Exception {
    VisitData data = data();
    assertThat(data().start()).isEqualTo(data.start());
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("were made before");
    try (WeirProcess weir = WeirProcess.start(data.directory(), InsightSpeed.SETTINGS);
        SteadyLoad load = new SteadyLoad(weir)) {
      weir.awaitEvents(EVENTS, SOON);
      for (InsightQuestion question : InsightQuestion.all(data.start())) {
        List<String> lines = question.ours().apply(weir.insight(question.kind(), question.body(0)));
        assertThat(lines).as(question.name()).hasSizeGreaterThan(2);
        assertThat(question.ours().apply(weir.insight(question.kind(), question.body(7))))
            .isEqualTo(lines);
      }
      assertThat(merged(weir)).isBetween(20L, 50L);
      load.post(
          "[{\"type\":\"track\",\"event\":\"one\",\"userId\":\"u\"}]"
              .getBytes(StandardCharsets.UTF_8),
          1);
      weir.awaitEvents(EVENTS + 1, SOON);
    }
  }

  private static long merged(WeirProcess weir) throws Exception {
    return Long.parseLong(weir.column("select count(*) from identities").getFirst());
  }

  @Test
  void measuresWhatQuestionsCost() throws Exception {
    Table table = InsightSpeed.curve();
    new InsightSpeed(data(), 1, System::nanoTime, out).alone(table);
    table.print(out);
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.matches(".*  20,000 +\\d+\\.\\d+ +\\d+\\.\\d+ +\\d+ +[\\d,]+"))
        .hasSize(7);
  }
}
