package weir.lake.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.StoredTable;
import weir.lake.catalog.OutcomeUnknownException;
import weir.lake.writing.OpenLake;
import weir.log.files.Files;

/** Tables that users store: what they hold, and that they are replaced whole. */
final class StoredTablesTest {
  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private final ManualClock clock = ManualClock.atSystemTime();

  private OpenLake open() throws IOException {
    return new OpenLake(temp.resolve("lake"), Files.system(), clock, OpenLake.UPKEEP);
  }

  private static StoredTable put(OpenLake open, String name, String csv) throws Exception {
    return put(open, name, csv, Map.of());
  }

  private static StoredTable put(OpenLake open, String name, String csv, Map<String, String> types)
      throws Exception {
    Path file = open.lake.storedTables().staging().resolve("input.csv");
    java.nio.file.Files.writeString(file, csv);
    return open.lake
        .storedTables()
        .put("shop", name, new StoredInput(file, StoredInput.Format.CSV, types));
  }

  private static String types(StoredTable table) {
    List<String> types = new ArrayList<>();
    table.columns().forEach(column -> types.add(column.name() + " " + column.type()));
    return String.join(", ", types);
  }

  /** What a reader without our schema finds by the files' own names. */
  private static List<String> rows(StoredTable table, String select) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT ("
                    + select
                    + ")::VARCHAR FROM '"
                    + table.files().getFirst().path()
                    + "'")) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  @Test
  void aFileBecomesATableWithTheTypesThatItsValuesHave() throws Exception {
    try (OpenLake open = open()) {
      StoredTable table =
          put(
              open,
              "plans",
              "plan,price,since,seats,trial,code\n"
                  + "free,0,2026-01-01,,true,007\n"
                  + "\"big, one\",19.5,2026-02-01,12,false,010\n",
              Map.of("code", "VARCHAR"));
      assertThat(types(table))
          .isEqualTo(
              "plan VARCHAR, price DOUBLE, since DATE, seats BIGINT, trial BOOLEAN, code VARCHAR");
      assertThat(table.rows()).isEqualTo(2);
      assertThat(rows(table, "row(plan, price, since, seats, trial, code)"))
          .containsExactly(
              "(free, 0.0, 2026-01-01, NULL, true, 007)",
              "('big, one', 19.5, 2026-02-01, 12, false, 010)");
      assertThat(open.lake.reader().stored("shop", "plans")).contains(table);
      assertThat(open.lake.reader().stored("other", "plans")).isEmpty();
      assertThat(open.lake.storedTables().list("shop")).containsExactly(table);
    }
  }

  @Test
  void storingItAgainReplacesRowsAndColumns() throws Exception {
    try (OpenLake open = open()) {
      open.append(Samples.event("shop", 1));
      StoredTable first = put(open, "plans", "plan,price\nfree,1\nbig,2\n");
      StoredTable second = put(open, "plans", "price,name,plan\n1.5,x,3\n");
      assertThat(types(second)).isEqualTo("price DOUBLE, name VARCHAR, plan BIGINT");
      assertThat(second.rows()).isEqualTo(1);
      assertThat(open.lake.reader().stored("shop", "plans")).contains(second);
      assertThat(rows(first, "plan"))
          .as("a query that began before")
          .containsExactly("free", "big");
      assertThat(put(open, "plans", "a,b\n").rows()).isZero();
      assertThat(open.lake.reader().snapshot("shop").events().rows()).isEqualTo(1);
      assertThat(open.lake.reader().snapshot("shop").stored().names()).containsExactly("plans");
    }
  }

  @Test
  void parquetKeepsItsTypesAsFarAsIcebergHasThem() throws Exception {
    try (OpenLake open = open()) {
      Path file = open.lake.storedTables().staging().resolve("input.parquet");
      try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = duckdb.createStatement()) {
        statement.execute(
            "COPY (SELECT 1::TINYINT a, 2::UBIGINT b, 1.25::DECIMAL(9,2) c, [1, 2] d, {'x': 1} e,"
                + " TIMESTAMP '2026-01-01 10:00:00' f, TIMESTAMPTZ '2026-01-01 10:00:00+02' g,"
                + " 'x'::BLOB h, uuid() i, 1.5::FLOAT j, TIME '10:00:00' k, NULL l) TO '"
                + file
                + "' (FORMAT parquet)");
      }
      StoredTable table =
          open.lake
              .storedTables()
              .put("shop", "kinds", new StoredInput(file, StoredInput.Format.PARQUET, Map.of()));
      assertThat(types(table))
          .isEqualTo(
              "a INTEGER, b DECIMAL(20,0), c DECIMAL(9,2), d VARCHAR, e VARCHAR, f TIMESTAMP,"
                  + " g TIMESTAMP WITH TIME ZONE, h BLOB, i VARCHAR, j FLOAT, k TIME, l VARCHAR");
      assertThat(rows(table, "row(a, b, c, d, e)"))
          .containsExactly("(1, 2, 1.25, '[1,2]', '{\"x\":1}')");
    }
  }

  @Test
  void aFileThatIsNoTableChangesNothingAndSaysWhy() throws Exception {
    try (OpenLake open = open()) {
      StoredTable before = put(open, "plans", "plan\nfree\n");
      assertThatThrownBy(() -> put(open, "plans", "a,b\n1,2\n1,x\n", Map.of("b", "BIGINT")))
          .isInstanceOf(UnreadableInputException.class)
          .hasMessageContaining("x")
          .message()
          .doesNotContain(temp.toString());
      Path file = open.lake.storedTables().staging().resolve("input.parquet");
      java.nio.file.Files.writeString(file, "no parquet at all");
      assertThatThrownBy(() ->
              open.lake
                  .storedTables()
                  .put(
                      "shop", "plans", new StoredInput(file, StoredInput.Format.PARQUET, Map.of())))
          .isInstanceOf(UnreadableInputException.class)
          .message()
          .doesNotContain(temp.toString());
      assertThat(open.lake.reader().stored("shop", "plans")).contains(before);
      assertThat(dataFiles()).containsExactly(before.files().getFirst().path());
    }
  }

  private List<Path> dataFiles() throws IOException {
    try (var all = java.nio.file.Files.walk(temp.resolve("lake/warehouse"))) {
      return all.filter(path -> path.toString().endsWith(".parquet")).toList();
    }
  }

  @Test
  void aDroppedTableIsGoneAndItsNameIsFree() throws Exception {
    try (OpenLake open = open()) {
      StoredTable first = put(open, "plans", "plan\nfree\n");
      assertThat(open.lake.storedTables().drop("shop", "plans"))
          .isInstanceOf(StoredTables.Dropped.Gone.class);
      assertThat(open.lake.storedTables().drop("shop", "plans"))
          .isInstanceOf(StoredTables.Dropped.Unknown.class);
      assertThat(open.lake.reader().stored("shop", "plans")).isEmpty();
      assertThat(rows(first, "plan")).as("a query that began before").containsExactly("free");
      StoredTable second = put(open, "plans", "plan\nbig\n");
      assertThat(open.lake.reader().stored("shop", "plans")).contains(second);
    }
  }

  @Test
  void whatWasReplacedOrDroppedGoesOnceNoQueryCanReadIt() throws Exception {
    try (OpenLake open = open()) {
      StoredTable first = put(open, "plans", "plan\nfree\n");
      clock.advance(Duration.ofDays(30));
      open.upkeep();
      assertThat(dataFiles()).hasSize(1);
      StoredTable second = put(open, "plans", "plan\nbig\n");
      StoredTable other = put(open, "other", "plan\nbig\n");
      open.lake.storedTables().drop("shop", "other");
      clock.advance(Duration.ofMinutes(50));
      open.upkeep();
      assertThat(dataFiles()).containsExactlyInAnyOrder(path(first), path(second), path(other));
      clock.advance(Duration.ofMinutes(30));
      open.upkeep();
      assertThat(dataFiles()).containsExactly(path(second));
      assertThat(folder(other)).doesNotExist();
      assertThat(rows(second, "plan")).containsExactly("big");
      assertThat(open.lake.reader().stored("shop", "plans")).contains(second);
      assertThat(open.count("weir_lake_upkeep_failures")).isZero();
    }
  }

  @Test
  void whatACrashLeftGoesWhenItIsOld() throws Exception {
    try (OpenLake open = open()) {
      StoredTable kept = put(open, "plans", "plan\nfree\n");
      Path folder = folder(kept);
      Path lost = folder.resolveSibling("lost-6c0e7c9e-0d3b-4a5e-9a43-2f9d7c1c1d6b");
      java.nio.file.Files.createDirectories(lost.resolve("data"));
      java.nio.file.Files.writeString(lost.resolve("data/x.parquet"), "x");
      Path orphan = java.nio.file.Files.writeString(folder.resolve("data/y.parquet"), "y");
      open.upkeep();
      assertThat(lost).exists();
      clock.advance(Duration.ofHours(3));
      open.upkeep();
      assertThat(lost).doesNotExist();
      clock.advance(Duration.ofDays(2));
      open.upkeep();
      assertThat(orphan).doesNotExist();
      assertThat(rows(kept, "plan")).containsExactly("free");
    }
  }

  private static Path path(StoredTable table) {
    return table.files().getFirst().path();
  }

  private static Path folder(StoredTable table) {
    Path data = path(table).getParent();
    return Objects.requireNonNull(Objects.requireNonNull(data).getParent());
  }

  @Test
  void aCommitThatIsLostChangesNothingAndALostAnswerIsReadBack() throws Exception {
    try (OpenLake open = open()) {
      StoredTable first = put(open, "plans", "plan\nfree\n");
      open.catalog().commitsToLose.set(1);
      assertThatThrownBy(() -> put(open, "plans", "plan\nbig\n"))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(OutcomeUnknownException.class);
      assertThat(open.lake.reader().stored("shop", "plans")).contains(first);
      assertThat(dataFiles()).containsExactly(path(first));
      open.catalog().answersToLose.set(1);
      StoredTable second = put(open, "plans", "plan\nbig\n");
      assertThat(rows(second, "plan")).containsExactly("big");
    }
  }

  @Test
  void anUnevenRowIsRefusedWithItsLineAndTheOldTableStays() throws Exception {
    try (OpenLake open = open()) {
      StoredTable before = put(open, "plans", "plan,price\nfree,0\nbig,20\n");
      for (String uneven :
          List.of("plan,price\nfree,0\nbig,20,1\n", "plan,price\n\"a\",\"0\"\nbig\nx\n")) {
        assertThatThrownBy(() -> put(open, "plans", uneven))
            .isInstanceOf(UnreadableInputException.class)
            .hasMessageContaining("line 3 has")
            .hasMessageContaining("the header has 2");
      }
      for (String empty : List.of("", "\n", "\ufeff")) {
        assertThatThrownBy(() -> put(open, "plans", empty))
            .isInstanceOf(UnreadableInputException.class)
            .hasMessageContaining("the file is empty");
      }
      assertThatThrownBy(() -> put(open, "plans", "plan\nfree\n", Map.of("price", "BIGINT")))
          .hasMessageContaining("there are plan");
      assertThatThrownBy(() -> put(open, "plans", "plan,price\na,\"b\"c\n"))
          .isInstanceOf(UnreadableInputException.class);
      assertThat(open.lake.reader().stored("shop", "plans")).contains(before);
    }
  }

  @Test
  void whatIsNotSureToBeADateOrANumberStaysAsItIsWritten() throws Exception {
    try (OpenLake open = open()) {
      StoredTable table =
          put(
              open,
              "kinds",
              "us;iso;local;zoned;none;zip;large;exact;mixed;clock;empty;last\n"
                  + "01/02/2026;2026-01-02;2026-01-02 10:00;2026-01-02T10:00:00Z;2026-02-30;01067;"
                  + "9007199254740993.5;0.1;9007199254740993;10:00:00;;a\n"
                  + "\n"
                  + "02/01/2026;2026-01-03;2026-01-03;2026-01-02T10:00:00.5+02:00;2026-02-28;10115;"
                  + "1;12;12345678901234567890;11:00:00;;\"b;\"\"c\"\n");
      assertThat(types(table))
          .isEqualTo(
              "us VARCHAR, iso DATE, local TIMESTAMP, zoned TIMESTAMP WITH TIME ZONE, none VARCHAR,"
                  + " zip VARCHAR, large VARCHAR, exact DOUBLE, mixed VARCHAR, clock TIME,"
                  + " empty VARCHAR, last VARCHAR");
      assertThat(rows(table, "row(us, \"local\", zoned, none, zip, large, mixed, last)"))
          .containsExactly(
              "(01/02/2026, '2026-01-02 10:00:00', '2026-01-02 10:00:00+00', 2026-02-30, 01067,"
                  + " 9007199254740993.5, 9007199254740993, a)",
              "(02/01/2026, '2026-01-03 00:00:00', '2026-01-02 08:00:00.5+00', 2026-02-28, 10115,"
                  + " 1, 12345678901234567890, 'b;\"c')");
    }
  }

  @Test
  void limitsEndAConversionAndTheOldTableStays() throws Exception {
    try (OpenLake open = open()) {
      StoredTable before = put(open, "plans", "plan\nfree\n");
      StoredTables tables = open.lake.storedTables();
      StoredInput many = claim(tables.staging().resolve("many.parquet"), 200_000_000L);
      assertRefused(
          tables, many, limits(1_000_000, 1 << 30), UnreadableInputException.Reason.TOO_MANY_ROWS);
      StoredInput three = csv(tables, "plan\na\nb\nc\n");
      assertRefused(
          tables, three, limits(2, 1 << 30), UnreadableInputException.Reason.TOO_MANY_ROWS);
      assertRefused(tables, three, limits(3, 10), UnreadableInputException.Reason.TOO_LARGE);
      TableConversion.Limits short_ =
          new TableConversion.Limits(1_000_000_000, 1 << 30, Duration.ofMillis(300));
      assertRefused(tables, many, short_, UnreadableInputException.Reason.TOO_SLOW);
      assertThat(tables.find("shop", "plans")).contains(before);
      assertThat(java.nio.file.Files.list(tables.staging()))
          .allMatch(left ->
              left.toString().contains("many")
                  || left.toString().contains("input")
                  || left.toString().contains("temporary"));
    }
  }

  @Test
  void aCancelledConversionEndsAndOtherTablesDoNotWaitForIt() throws Exception {
    try (OpenLake open = open();
        var threads = java.util.concurrent.Executors.newSingleThreadExecutor()) {
      StoredTables tables = open.lake.storedTables();
      StoredInput many = claim(tables.staging().resolve("many.parquet"), 200_000_000L);
      var cancelled = new java.util.concurrent.atomic.AtomicBoolean();
      var asked = new java.util.concurrent.CountDownLatch(3);
      var storing =
          threads.submit(() ->
              tables.put(
                  "shop",
                  "slow",
                  many,
                  TableConversion.Limits.NONE,
                  () -> {
                    asked.countDown();
                    return cancelled.get();
                  }));
      asked.await();
      assertThat(put(open, "plans", "plan\nfree\n").rows()).isEqualTo(1);
      assertThat(tables.drop("shop", "plans")).isInstanceOf(StoredTables.Dropped.Gone.class);
      assertThat(open.lake.namedSnapshots().create("shop", "now")).isPresent();
      assertThat(storing.isDone()).isFalse();
      cancelled.set(true);
      assertThatThrownBy(storing::get)
          .cause()
          .isInstanceOfSatisfying(
              UnreadableInputException.class,
              e -> assertThat(e.reason()).isEqualTo(UnreadableInputException.Reason.CANCELLED));
      assertThat(tables.find("shop", "slow")).isEmpty();
    }
  }

  private static TableConversion.Limits limits(long rows, long bytes) {
    return new TableConversion.Limits(rows, bytes, Duration.ofMinutes(5));
  }

  private static StoredInput csv(StoredTables tables, String text) throws IOException {
    Path file = tables.staging().resolve("input.csv");
    java.nio.file.Files.writeString(file, text);
    return new StoredInput(file, StoredInput.Format.CSV, Map.of());
  }

  /** A small Parquet file of so many equal rows. */
  private static StoredInput claim(Path file, long rows) throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT 'x' AS plan FROM range("
              + rows
              + ")) TO '"
              + file
              + "' (FORMAT parquet, ROW_GROUP_SIZE 10000000)");
    }
    return new StoredInput(file, StoredInput.Format.PARQUET, Map.of());
  }

  private static void assertRefused(
      StoredTables tables,
      StoredInput input,
      TableConversion.Limits limits,
      UnreadableInputException.Reason reason) {
    assertThatThrownBy(() -> tables.put("shop", "plans", input, limits, () -> false))
        .isInstanceOfSatisfying(
            UnreadableInputException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
