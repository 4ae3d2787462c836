package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;
import weir.lake.LakeOptions;
import weir.lake.reading.LakeReader;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.log.EventLog;
import weir.log.MemoryLog;
import weir.log.PartitionedLog;
import weir.log.files.Files;
import weir.query.Access;
import weir.query.LakeSource;
import weir.query.Query;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.hottail.TailSource;

/** Queries over a lake that the lake's own writer wrote. */
class LakeQueryTest {
  private static final long NOON =
      Instant.parse("2026-03-01T12:00:00Z").getEpochSecond() * 1_000_000;

  @TempDir Path dir;
  private final CleanRecordCodec codec = new CleanRecordCodec();

  private static Origin origin(int number) {
    return new Origin("shop", "web", NOON + number, NOON + number, new RawPosition(number, 0));
  }

  private static CleanEvent event(int number, String name, Map<String, Object> properties) {
    return CleanEvent.builder()
        .set(EventColumn.EVENT, name)
        .set(EventColumn.EVENT_ID, "id-" + number)
        .set(EventColumn.TIMESTAMP, NOON + number)
        .set(EventColumn.PROPERTIES, "{\"n\":" + number + "}")
        .properties(properties)
        .build(origin(number));
  }

  private void append(EventLog log, CleanRecord record) throws Exception {
    log.append(List.of(codec.encode(record)));
  }

  @Test
  void whatTheWriterCommitsAnswersSql() throws Exception {
    Path lakeDir = dir.resolve("lake");
    Path spill = java.nio.file.Files.createDirectories(dir.resolve("spill"));
    EventLog log = new MemoryLog();
    try (Lake lake =
            Lake.open(
                lakeDir,
                Files.system(),
                LakeOptions.DEFAULT.committedEvery(Duration.ofSeconds(1)),
                InstantSource.system(),
                new SimpleMeterRegistry());
        LakeWriter writer = lake.writer(PartitionedLog.of(log));
        LakeReader reader = LakeReader.open(lakeDir);
        DuckDbEngine engine =
            new DuckDbEngine(
                new DuckDbOptions(spill, 256L << 20, 1L << 30, 2, 2),
                LakeSource.of(reader, lakeDir),
                TailSource.NONE,
                List.of())) {
      writer.start();
      assertThat(rows(engine, "select count(*) from events")).containsExactly(List.of(0L));
      append(log, event(1, "Product Viewed", Map.of("p_price", 9.5)));
      writer.flush().get(1, TimeUnit.MINUTES);
      append(log, event(2, "Product Viewed", Map.of("p_price", 3.0, "p_colour", "red")));
      append(
          log,
          new BadEvent(
              origin(3),
              "id-3",
              null,
              "segment",
              "validate",
              "too_old",
              "it is too old",
              "{}".getBytes(StandardCharsets.UTF_8)));
      writer.flush().get(1, TimeUnit.MINUTES);
      assertThat(
              rows(
                  engine,
                  "select event_id, price, colour, properties->>'$.n', timestamp, source from"
                      + " product_viewed order by timestamp"))
          .containsExactly(
              Arrays.asList(
                  "id-1", 9.5, null, "1", Instant.parse("2026-03-01T12:00:00.000001Z"), "web"),
              Arrays.asList(
                  "id-2", 3.0, "red", "2", Instant.parse("2026-03-01T12:00:00.000002Z"), "web"));
      assertThat(rows(engine, "select reason, payload from bad_events"))
          .containsExactly(List.of("too_old", "{}"));
    }
  }

  private static List<List<@Nullable Object>> rows(DuckDbEngine engine, String sql)
      throws QueryException {
    return TestEngine.on(
        engine,
        () -> {
          List<List<@Nullable Object>> all = new ArrayList<>();
          Query query = new Query(Access.to("shop"), sql, List.of());
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
}
