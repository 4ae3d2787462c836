package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;
import weir.lake.LakeOptions;
import weir.lake.reading.LakeReader;
import weir.lake.stored.StoredInput;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.log.EventLog;
import weir.log.MemoryLog;
import weir.log.PartitionedLog;
import weir.log.files.Files;
import weir.query.Access;
import weir.query.LakeSource;
import weir.query.Query;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.RowLimit;
import weir.query.hottail.TailSource;

/** Tables that users store, in SQL, over a lake that the lake's own writer wrote. */
class StoredTablesQueryTest {
  private static final long NOON =
      Instant.parse("2026-03-01T12:00:00Z").getEpochSecond() * 1_000_000;
  private static final Access SHOP = Access.to("shop");

  @TempDir Path dir;
  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final EventLog log = new MemoryLog();
  private Lake lake;
  private LakeWriter writer;
  private LakeReader reader;
  private DuckDbEngine engine;

  @BeforeEach
  void open() throws Exception {
    Path lakeDir = dir.resolve("lake");
    lake =
        Lake.open(
            lakeDir,
            Files.system(),
            LakeOptions.DEFAULT,
            InstantSource.system(),
            new SimpleMeterRegistry());
    writer = lake.writer(PartitionedLog.of(log));
    writer.start();
    reader = LakeReader.open(lakeDir);
    Path spill = java.nio.file.Files.createDirectories(dir.resolve("spill"));
    engine =
        new DuckDbEngine(
            new DuckDbOptions(spill, 256L << 20, 1L << 30, 2, 2),
            LakeSource.of(reader, lakeDir),
            TailSource.NONE,
            List.of(TestEngine.LEDGER));
    sold(1, "Plan Sold", "free");
    sold(2, "Plan Sold", "big");
    sold(3, "Plan Sold", "big");
    sold(4, "Prices", "none");
    writer.flush().get(1, TimeUnit.MINUTES);
  }

  @AfterEach
  void close() throws IOException {
    engine.close();
    reader.close();
    writer.close();
    lake.close();
  }

  private void sold(int number, String event, String plan) throws IOException {
    CleanEvent sold =
        CleanEvent.builder()
            .set(EventColumn.EVENT, event)
            .set(EventColumn.EVENT_ID, "id-" + number)
            .set(EventColumn.TIMESTAMP, NOON + number)
            .properties(Map.of("p_plan", plan))
            .build(new Origin("shop", "web", NOON + number, NOON, new RawPosition(number, 0)));
    log.append(List.of(codec.encode(sold)));
  }

  private void store(String name, String csv) throws Exception {
    Path file = lake.storedTables().staging().resolve("input.csv");
    java.nio.file.Files.writeString(file, csv);
    lake.storedTables().put("shop", name, new StoredInput(file, StoredInput.Format.CSV, Map.of()));
  }

  private List<List<@Nullable Object>> rows(Access access, String sql, boolean postgres)
      throws QueryException {
    return TestEngine.on(
        engine,
        () -> {
          List<List<@Nullable Object>> all = new ArrayList<>();
          Query query = new Query(access, sql, List.of(), postgres);
          try (QueryRows rows = engine.run(query, TestEngine.deadline())) {
            while (rows.next()) {
              List<@Nullable Object> row = new ArrayList<>();
              for (int i = 0; i < rows.columns().size(); i++) {
                row.add(rows.value(i));
              }
              all.add(row);
            }
          }
          return all;
        });
  }

  private List<List<@Nullable Object>> rows(String sql) throws QueryException {
    return rows(SHOP, sql, false);
  }

  private QueryException failure(Access access, String sql) {
    try {
      throw new AssertionError(sql + " gave " + rows(access, sql, false));
    } catch (QueryException e) {
      return e;
    }
  }

  @Test
  void isJoinedWithEventsAndReplacedBetweenQueries() throws Exception {
    store("plans", "plan,price\nfree,0\nbig,20\n");
    String join =
        "select plan, sum(price) from plan_sold join plans using (plan) group by 1 order by 1";
    assertThat(rows(join)).hasToString("[[big, 40], [free, 0]]");
    store("plans", "price,note,plan\n30.5,x,big\n");
    assertThat(rows(join)).containsExactly(List.of("big", 61.0));
    assertThat(rows("select * from plans")).containsExactly(List.of(30.5, "x", "big"));
    assertThat(rows("select count(*) from plans")).containsExactly(List.of(1L));
    store("plans", "price,filename\n");
    assertThat(rows("select filename from plans")).isEmpty();
    lake.storedTables().drop("shop", "plans");
    assertThat(failure(SHOP, "select * from plans").getMessage())
        .startsWith("there is no table plans");
  }

  @Test
  void takesItsNameFromAnEventsView() throws Exception {
    assertThat(rows("select plan from prices")).containsExactly(List.of("none"));
    store("prices", "price\n1\n");
    assertThat(rows("select * from prices")).containsExactly(List.of(1L));
    assertThat(rows("select plan from prices_event")).containsExactly(List.of("none"));
    assertThat(failure(SHOP, "select * from nowhere").getMessage()).contains("stored: prices");
    assertThat(failure(Access.to("other"), "select * from prices").getMessage())
        .startsWith("there is no table prices");
  }

  @Test
  void isListedForClientsOfPostgres() throws Exception {
    store("plans", "plan,price,since\nfree,0,2026-01-01\n");
    assertThat(
            rows(
                SHOP,
                "select a.attname, t.typname from pg_attribute a join pg_type t on t.oid ="
                    + " a.atttypid join pg_class c on c.oid = a.attrelid where c.relname ="
                    + " 'plans' order by a.attnum",
                true))
        .containsExactly(
            List.of("plan", "text"), List.of("price", "int8"), List.of("since", "date"));
    assertThat(rows(SHOP, "select since from plans", true)).hasSize(1);
  }

  @Test
  void isNotForWhoSeesSomeRowsOnly() throws Exception {
    store("plans", "plan\nfree\n");
    Access limited = SHOP.limitedTo(RowLimit.parse("plan", "\"big\""));
    assertThat(failure(limited, "select * from plans").error()).isEqualTo(QueryError.NOT_ALLOWED);
    assertThat(failure(limited, "select * from nowhere").getMessage()).doesNotContain("plans");
    assertThat(rows(limited, "select count(*) from plan_sold", false))
        .containsExactly(Arrays.asList(2L));
  }
}
