package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.Position;
import weir.event.Positions;
import weir.event.ProjectProperties;
import weir.event.PropertyName;
import weir.lake.AsOf;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.sidecar.Sidecar;
import weir.lake.sidecar.SidecarMaker;
import weir.query.LakeSource;
import weir.query.sql.ParquetSql;

/** A lake of one project, {@code shop}, made of Parquet files that the test writes with SQL. */
public final class TestLake implements LakeSource {
  static final String PROJECT = "shop";

  private final Path dir;
  private ProjectProperties properties = ProjectProperties.UNKNOWN;
  private long erased;
  private Positions position = Positions.START;
  private final List<LakeFile> events = new ArrayList<>();
  private final List<LakeFile> badEvents = new ArrayList<>();
  private final List<LakeColumn> columns = new ArrayList<>();

  TestLake(Path dir) {
    this.dir = dir;
    for (EventColumn column : EventColumn.values()) {
      columns.add(new LakeColumn(column.columnName(), column.type(), column.fieldId()));
    }
  }

  /** Adds a property column to the table, as of the files written from now on. */
  public TestLake property(String name, ColumnType type) {
    synchronized (this) {
      columns.add(new LakeColumn("p_" + name, type, 1000 + columns.size()));
    }
    return this;
  }

  /** Says that all values of all properties, those made so far, lie in their columns. */
  synchronized void nothingLiesInJson() {
    properties =
        ProjectProperties.of(
            columns.stream()
                .map(LakeColumn::name)
                .filter(column -> EventColumn.named(column).isEmpty())
                .map(column ->
                    new ProjectProperties.Property(
                        column.substring(PropertyName.PREFIX.length()), Optional.of(column), false))
                .toList(),
            true);
  }

  @Override
  public synchronized ProjectProperties properties(String project) {
    return properties;
  }

  /**
   * Writes a file of events.
   *
   * @param select any of the table's columns; event, timestamp, received_at at least
   */
  public synchronized Path events(String select) {
    LakeFile file = write("events", select, columns);
    events.add(file);
    return file.path();
  }

  /** Makes the sidecar of each file of events that can have one. */
  public synchronized void sidecars() throws IOException {
    try (SidecarMaker maker = new SidecarMaker(weir.log.files.Files.system())) {
      for (LakeFile file : events) {
        try {
          maker.make(file, columns);
        } catch (SidecarMaker.UnfitException e) {
          assertThat(Sidecar.of(file.path())).doesNotExist();
        }
      }
    }
  }

  /** Takes a file's events out, as an erasure does. */
  synchronized void erase(Path file) {
    for (LakeFile each : List.copyOf(events)) {
      if (each.path().equals(file)) {
        events.remove(each);
        erased += each.rows();
      }
    }
  }

  synchronized Path badEvents(String select) {
    LakeFile file = write("bad_events", select, badColumns());
    badEvents.add(file);
    return file.path();
  }

  @Override
  public synchronized LakeSnapshot snapshot(String project) {
    if (!project.equals(PROJECT)) {
      return new LakeSnapshot(
          project,
          new LakeTable(columns, List.of(), Positions.START, 0),
          new LakeTable(badColumns(), List.of(), Positions.START, 0));
    }
    return new LakeSnapshot(
        project,
        new LakeTable(columns, events, position, rows() + erased, 0, 0, erased),
        new LakeTable(badColumns(), badEvents, position, 0));
  }

  private long rows() {
    return events.stream().mapToLong(LakeFile::rows).sum();
  }

  @Override
  public LakeSnapshot snapshot(String project, AsOf asOf) {
    throw new IllegalArgumentException("this lake keeps its newest state alone");
  }

  @Override
  public Path folder(String project) {
    return dir.resolve(project);
  }

  private LakeFile write(String table, String select, List<LakeColumn> tableColumns) {
    position = Positions.of(new Position(position.of(0).value() + 1));
    Path folder = folder(PROJECT).resolve(table);
    Path file = folder.resolve(UUID.randomUUID() + ".parquet").toAbsolutePath();
    try {
      Files.createDirectories(folder);
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = connection.createStatement()) {
        statement.execute("SET TimeZone = 'UTC'");
        statement.execute("CREATE TABLE t AS " + select);
        List<String> present = new ArrayList<>();
        try (var rows = statement.executeQuery("SELECT column_name FROM (DESCRIBE t)")) {
          while (rows.next()) {
            present.add(rows.getString(1).toLowerCase(Locale.ROOT));
          }
        }
        String ids =
            tableColumns.stream()
                .filter(column -> present.contains(column.name()))
                .map(column -> ParquetSql.name(column.name()) + ": " + column.fieldId())
                .collect(Collectors.joining(", "));
        statement.execute("COPY t TO '" + file + "' (FORMAT parquet, FIELD_IDS {" + ids + "})");
        try (var rows = statement.executeQuery("SELECT count(*) FROM t")) {
          rows.next();
          // it has rows of several days: none may leave it out as too early
          return new LakeFile(file, rows.getLong(1), Files.size(file), LocalDate.MAX);
        }
      }
    } catch (SQLException e) {
      throw new IllegalArgumentException(select, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<LakeColumn> badColumns() {
    List<LakeColumn> bad = new ArrayList<>();
    for (String name :
        Arrays.asList(
            "event_id", "event", "protocol", "source", "stage", "reason", "message", "payload")) {
      bad.add(new LakeColumn(name, ColumnType.STRING, bad.size() + 1));
    }
    bad.add(new LakeColumn("received_at", ColumnType.TIMESTAMP, 9));
    bad.add(new LakeColumn("processed_at", ColumnType.TIMESTAMP, 10));
    bad.add(new LakeColumn("_raw_position", ColumnType.STRING, 11));
    return bad;
  }
}
