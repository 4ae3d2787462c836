package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.query.Deadline;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.RowLimit;
import weir.query.hottail.TailPin;
import weir.query.sql.ParquetSql;
import weir.query.tables.ProjectFacts;

/** Which statements share an instance, and when it ends. */
class OpenProjectTest {
  @TempDir Path dir;

  /** A tail that has every row. */
  private static final TailPin ALL =
      new TailPin(
          List.of(),
          List.of(),
          Positions.START,
          Positions.START,
          Positions.of(new Position(1 << 20)));

  private TestLake lake;
  private OpenProject project;

  @BeforeEach
  void open() throws Exception {
    lake = new TestLake(dir.resolve("lake"));
    Path spill = Files.createDirectories(dir.resolve("spill"));
    project =
        new OpenProject(
            TestLake.PROJECT,
            new DuckDbOptions(spill, 64L << 20, 1L << 30, 2, 2),
            lake.folder(TestLake.PROJECT),
            new ProjectFacts(Set.of()));
  }

  @AfterEach
  void close() {
    project.close();
  }

  private Path event(String name) {
    return lake.events("SELECT '" + name + "' AS event, now() AS timestamp, now() AS received_at");
  }

  private ProjectDatabase newest() throws QueryException {
    return project.newest(
        lake.snapshot(TestLake.PROJECT),
        TailPin.EMPTY,
        List.of(),
        (next, snapshot, deadline) -> {});
  }

  private static long rows(ProjectDatabase database, Path file) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT count(*) FROM " + ParquetSql.text(file.toString()))) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static boolean isOpen(ProjectDatabase database) {
    try {
      database.connect().close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void anInstanceServesOneStateOfTheLake() throws Exception {
    Path first = event("a");
    ProjectDatabase before = newest();
    assertThat(newest()).isSameAs(before);
    assertThat(rows(before, first)).isEqualTo(1);
    Path second = event("b");
    assertThatThrownBy(() -> rows(before, second)).hasMessageContaining("Cannot access file");
    ProjectDatabase after = newest();
    assertThat(after).isNotSameAs(before);
    assertThat(rows(after, first) + rows(after, second)).isEqualTo(2);
  }

  private ProjectDatabase newest(TailPin pin, Succession.Ready ready) throws QueryException {
    return project.newest(lake.snapshot(TestLake.PROJECT), pin, List.of(), ready);
  }

  @Test
  void theOneBeforeAnswersUntilTheNextIsReady() throws Exception {
    Path first = event("a");
    ProjectDatabase before = newest();
    Path second = event("b");
    CountDownLatch ready = new CountDownLatch(1);
    CompletableFuture<ProjectDatabase> made = new CompletableFuture<>();
    Succession.Ready once =
        (next, snapshot, deadline) -> {
          await(ready);
          assertThat(made.complete(next)).as("made once").isTrue();
        };
    for (int i = 0; i < 3; i++) {
      ProjectDatabase meanwhile = newest(ALL, once);
      assertThat(meanwhile).isSameAs(before);
      LakeSnapshot seen = meanwhile.reach().seen(lake.snapshot(TestLake.PROJECT));
      assertThat(seen.events().files()).extracting(LakeFile::path).containsExactly(first);
      project.release(meanwhile, false);
    }
    ready.countDown();
    ProjectDatabase next = made.get(1, TimeUnit.MINUTES);
    Awaitility.await().until(() -> newestIs(next, once));
    assertThat(rows(next, second)).isEqualTo(1);
    project.release(before, false);
    assertThat(isOpen(before)).isFalse();
  }

  private boolean newestIs(ProjectDatabase expected, Succession.Ready ready) throws QueryException {
    ProjectDatabase given = newest(ALL, ready);
    project.release(given, false);
    return given == expected;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void never(ProjectDatabase next, LakeSnapshot snapshot, Deadline deadline) {
    throw new AssertionError("it is not to be made ready beside the one before");
  }

  /** It would show rows that are gone, or lack some that are there. */
  @Test
  void theOneBeforeDoesNotAnswerWhereItsRowsAreNotAll() throws Exception {
    Path first = event("a");
    ProjectDatabase before = newest();
    event("b");
    assertThat(newest(TailPin.EMPTY, OpenProjectTest::never)).isNotSameAs(before);
    ProjectDatabase second = newest(ALL, OpenProjectTest::never);
    lake.erase(first);
    event("c");
    assertThat(newest(ALL, OpenProjectTest::never)).isNotSameAs(second);
  }

  @Test
  void whoeverAsksAfterOneCouldNotBeMadeReadyWaitsForTheNext() throws Exception {
    event("a");
    ProjectDatabase before = newest();
    event("b");
    AtomicInteger failures = new AtomicInteger();
    Succession.Ready failing =
        (next, snapshot, deadline) -> {
          failures.incrementAndGet();
          throw new QueryException(QueryError.INTERNAL, "it is a test");
        };
    Awaitility.await().until(() -> !newestIs(before, failing));
    assertThat(failures).hasValue(1);
  }

  @Test
  void theEndOfAProjectEndsWhatIsMadeReady() throws Exception {
    event("a");
    newest();
    event("b");
    CompletableFuture<ProjectDatabase> begun = new CompletableFuture<>();
    newest(
        ALL,
        (next, snapshot, deadline) -> {
          CountDownLatch over = new CountDownLatch(1);
          deadline.onEnd(over::countDown);
          begun.complete(next);
          await(over);
          deadline.check();
        });
    ProjectDatabase next = begun.get(1, TimeUnit.MINUTES);
    project.close();
    Awaitility.await().until(() -> !isOpen(next));
  }

  @Test
  void anOldOneEndsWithItsLastQuery() throws Exception {
    Path file = event("a");
    ProjectDatabase before = newest();
    assertThat(newest()).isSameAs(before);
    event("b");
    ProjectDatabase after = newest();
    project.release(before, false);
    assertThat(rows(before, file)).isEqualTo(1);
    project.release(before, false);
    assertThat(isOpen(before)).isFalse();
    project.release(after, false);
    assertThat(isOpen(after)).isTrue();
  }

  @Test
  void aBrokenOneServesNobodyElse() throws Exception {
    event("a");
    ProjectDatabase broken = newest();
    project.release(broken, true);
    assertThat(isOpen(broken)).isFalse();
    assertThat(newest()).isNotSameAs(broken);
  }

  @Test
  void whoNamesNoTableSharesWithHisLimitAlone() throws Exception {
    Path file = event("a");
    ProjectDatabase all = project.empty(Optional.empty());
    ProjectDatabase some = project.empty(Optional.of(new RowLimit("tenant", "17")));
    assertThat(project.empty(Optional.of(new RowLimit("tenant", "17")))).isSameAs(some);
    assertThat(some).isNotSameAs(all);
    assertThat(project.empty(Optional.of(new RowLimit("tenant", "18")))).isNotSameAs(some);
    for (ProjectDatabase each : List.of(all, some)) {
      assertThatThrownBy(() -> rows(each, file)).hasMessageContaining("Cannot access file");
    }
  }

  @Test
  void fewStayOpenUnused() throws Exception {
    ProjectDatabase first = project.empty(Optional.of(new RowLimit("tenant", "first")));
    project.release(first, false);
    for (int i = 0; i < 10; i++) {
      project.release(project.empty(Optional.of(new RowLimit("tenant", "" + i))), false);
    }
    assertThat(isOpen(first)).isFalse();
    ProjectDatabase last = project.empty(Optional.of(new RowLimit("tenant", "9")));
    assertThat(isOpen(last)).isTrue();
  }

  @Test
  void oneForOneStatementEndsWithIt() throws Exception {
    Path file = event("a");
    Path result = dir.resolve("it's [a], result.parquet");
    ProjectDatabase alone = project.alone(Reach.NOTHING.and(result));
    try (Connection connection = alone.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (SELECT 1 AS x) TO " + ParquetSql.text(result.toString()));
      assertThatThrownBy(() -> rows(alone, file)).hasMessageContaining("Cannot access file");
    }
    assertThat(result).isNotEmptyFile();
    project.release(alone, false);
    assertThat(isOpen(alone)).isFalse();
  }

  /** Nor does one read what another has spilled. */
  @Test
  void foldersAreNotShared() throws Exception {
    ProjectDatabase one = newest();
    ProjectDatabase other = project.empty(Optional.empty());
    Path spilt = Files.createDirectories(one.folder()).resolve("spilt.parquet");
    try (Connection connection = one.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (SELECT 1 AS x) TO " + ParquetSql.text(spilt.toString()));
    }
    assertThat(rows(one, spilt)).isEqualTo(1);
    assertThatThrownBy(() -> rows(other, spilt)).hasMessageContaining("Cannot access file");
  }
}
