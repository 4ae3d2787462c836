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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.QueryException;
import weir.query.RowLimit;
import weir.query.sql.ParquetSql;
import weir.query.tables.ProjectFacts;

/** Which statements share an instance, and when it ends. */
class OpenProjectTest {
  @TempDir Path dir;
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
    return project.of(lake.snapshot(TestLake.PROJECT), false, List.of());
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
