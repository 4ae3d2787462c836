package weir.testkit.powercut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that is known to survive power cuts must survive those of the model, and lose where it
 * is told not to sync: else the model is too strict, or too kind.
 */
class SqlitePowerCutTest {
  private static final int CUTS = 250;

  @TempDir Path directory;

  @BeforeAll
  static void needsStrace() {
    Optional<String> missing = Strace.missing();
    assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
  }

  @Test
  void aRollbackJournalWithSyncedDirectorySurvives() throws Exception {
    assertThat(losses("DELETE", "EXTRA")).isEmpty();
  }

  @Test
  void aWriteAheadLogSurvives() throws Exception {
    assertThat(losses("WAL", "FULL")).isEmpty();
  }

  @Test
  void withoutSyncsThereAreLosses() throws Exception {
    assertThat(losses("DELETE", "OFF")).isNotEmpty();
  }

  @Test
  void aWriteAheadLogThatSyncsOnlyAtCheckpointsLosesCommits() throws Exception {
    assertThat(losses("WAL", "NORMAL")).isNotEmpty();
  }

  private List<String> losses(String journal, String synchronous) throws Exception {
    Recording recording = Recorder.record(directory, "sqlite", journal, synchronous);
    assertThat(recording.problems()).isEmpty();
    assertThat(recording.mapped()).allMatch(path -> path.endsWith("-shm"));
    SplittableRandom random = new SplittableRandom(3);
    long[] steps = random.longs(CUTS, 0, recording.steps() + 1).sorted().toArray();
    DiskModel disk = new DiskModel(recording);
    List<String> losses = new ArrayList<>();
    for (int seed = 0; seed < CUTS; seed++) {
      Path tree = Files.createTempDirectory(directory, "cut");
      disk.advanceTo(steps[seed]);
      disk.cut(seed, tree);
      List<String> marks = recording.marksUntil(steps[seed]);
      int acknowledged = marks.isEmpty() ? 0 : Integer.parseInt(marks.getLast().substring(5));
      String found = read(tree.resolve("rows.db"), acknowledged, !marks.isEmpty());
      if (!found.isEmpty()) {
        losses.add("step %d, seed %d: %s".formatted(steps[seed], seed, found));
      }
    }
    return losses;
  }

  /** What is wrong with the database; empty if nothing is. */
  private static String read(Path file, int acknowledged, boolean created) throws IOException {
    if (!created) {
      return "";
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT (SELECT count(*) FROM rows), (SELECT sum(rows) FROM total),"
                    + " (SELECT group_concat(integrity_check) FROM pragma_integrity_check)")) {
      result.next();
      int rows = result.getInt(1);
      boolean right = rows >= acknowledged && rows == result.getInt(2);
      return right && result.getString(3).equals("ok")
          ? ""
          : rows + " rows of " + acknowledged + ", integrity " + result.getString(3);
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
