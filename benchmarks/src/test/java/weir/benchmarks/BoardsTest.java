package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardsTest {
  private static final int EVENTS = 5_000;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void everyDashboardIsAnswered() throws Exception {
    VisitData data =
        VisitData.in(
            directory.resolve("visits"),
            EVENTS,
            0.2,
            InstantSource.system(),
            System::nanoTime,
            out);
    List<List<Boards.Question>> boards = Boards.insights(4);
    assertThat(boards).hasSize(4).allMatch(board -> board.size() == 12);
    try (WeirProcess weir = WeirProcess.start(data.directory(), InsightSpeed.SETTINGS)) {
      for (List<Boards.Question> board : boards) {
        for (Boards.Question question : board) {
          question.ask(weir); // throws where the answer is not 200
        }
      }
    }
  }
}
