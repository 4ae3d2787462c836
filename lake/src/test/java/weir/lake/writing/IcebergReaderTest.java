package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.EventColumn;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.LakeOptions;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.catalog.TableLayout;
import weir.lake.table.CommitResult;
import weir.lake.table.IcebergTable;
import weir.lake.table.RowWriter;
import weir.log.files.Files;

/** Iceberg's own reader reads and prunes what was written. */
final class IcebergReaderTest {
  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private Lake lake;
  private IcebergTable table;
  private Positions at = Positions.START;

  @BeforeEach
  void open() throws Exception {
    lake =
        Lake.open(
            temp.resolve("lake"),
            Files.system(),
            LakeOptions.DEFAULT,
            new ManualClock(),
            new SimpleMeterRegistry());
    table = lake.table("shop", TableLayout.EVENTS);
  }

  @AfterEach
  void close() throws Exception {
    lake.close();
  }

  private void commit(int number, String event, long timestamp, Map<String, Object> properties)
      throws Exception {
    RowWriter rows = table.newWriter();
    rows.add(Samples.event("shop", number, event, timestamp, properties));
    Positions next = Positions.of(new Position(at.of(0).value() + 1));
    assertThat(table.commit(rows.write(), at, next)).isEqualTo(new CommitResult.Committed(next));
    at = next;
  }

  private Map<String, Record> read(Expression filter) throws Exception {
    Map<String, Record> byId = new TreeMap<>();
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(table.table()).where(filter).build()) {
      for (Record row : records) {
        byId.put((String) row.getField("event_id"), row);
      }
    }
    return byId;
  }

  private List<DataFile> planned(Expression filter) throws Exception {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.table().newScan().includeColumnStats().filter(filter).planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    }
    return files;
  }

  @Test
  void rowsComeBackAsTheyWere() throws Exception {
    commit(9, "a", Samples.NOON, Map.of("p_price", 1.5, "p_text", "ü", "p_flag", true));
    commit(10, "b", Samples.NOON + 1, Map.of("p_late", "x"));
    Map<String, Record> rows = read(Expressions.alwaysTrue());
    assertThat(rows.keySet()).containsExactly("id-10", "id-9");
    Record row = Objects.requireNonNull(rows.get("id-9"));
    assertThat(row.getField("event")).isEqualTo("a");
    assertThat(row.getField("actor")).isEqualTo("actor 9");
    assertThat(row.getField("timestamp"))
        .isEqualTo(OffsetDateTime.ofInstant(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC));
    assertThat(row.getField("value")).isEqualTo(4.5);
    assertThat(row.getField("is_bot")).isEqualTo(false);
    assertThat(row.getField("screen_width")).isEqualTo(9);
    assertThat(row.getField("asn")).isEqualTo(9L << 33);
    assertThat(row.getField("p_price")).isEqualTo(1.5);
    assertThat(row.getField("p_text")).isEqualTo("ü");
    assertThat(row.getField("p_flag")).isEqualTo(true);
    assertThat(row.getField("p_late")).isNull();
    assertThat(row.getField("kind")).isNull();
    Record later = Objects.requireNonNull(rows.get("id-10"));
    assertThat(later.getField("p_late")).isEqualTo("x");
    assertThat(later.getField("p_price")).isNull();
  }

  @Test
  void thePlannerLeavesOutFilesByEventTimeAndActor() throws Exception {
    commit(1, "added to cart", Samples.NOON, Map.of());
    commit(2, "viewed", Samples.NOON + 1_000_000, Map.of());
    commit(3, "zoomed", Samples.NOON + 3 * Samples.DAY, Map.of());
    assertThat(planned(Expressions.equal("event", "viewed"))).hasSize(1);
    assertThat(planned(Expressions.equal("event", "nothing"))).isEmpty();
    assertThat(planned(Expressions.greaterThan("timestamp", "2026-03-02T00:00:00+00:00")))
        .hasSize(1);
    assertThat(planned(Expressions.greaterThan("timestamp", "2026-03-01T12:00:00.5+00:00")))
        .hasSize(2);
    assertThat(planned(Expressions.equal("actor", "actor 3"))).hasSize(1);
    assertThat(planned(Expressions.isNull("actor"))).isEmpty();
    assertThat(planned(Expressions.equal("country", "CH"))).hasSize(3);
    assertThat(read(Expressions.equal("event", "viewed")).keySet()).containsExactly("id-2");
  }

  @Test
  void boundsOfLongAndOddNamesStillFindThem() throws Exception {
    String longName = "name ".repeat(2000);
    String highName = "\uDBFF\uDFFF".repeat(100);
    String afterSurrogates = "\uFF5E";
    commit(1, longName, Samples.NOON, Map.of());
    commit(2, highName, Samples.NOON, Map.of());
    RowWriter rows = table.newWriter();
    rows.add(Samples.event("shop", 3, afterSurrogates, Samples.NOON, Map.of()));
    rows.add(Samples.event("shop", 4, "\uD83D\uDE00", Samples.NOON, Map.of()));
    table.commit(rows.write(), at, Positions.of(new Position(99)));
    assertThat(read(Expressions.equal("event", longName)).keySet()).containsExactly("id-1");
    assertThat(read(Expressions.equal("event", highName)).keySet()).containsExactly("id-2");
    assertThat(read(Expressions.equal("event", afterSurrogates)).keySet()).containsExactly("id-3");
    assertThat(read(Expressions.equal("event", "\uD83D\uDE00")).keySet()).containsExactly("id-4");
  }

  @Test
  void theTableIsWhatTheLayoutPromises() throws Exception {
    commit(1, "a", Samples.NOON, Map.of("p_b", 1.0, "p_a", "x"));
    Table iceberg = table.table();
    for (EventColumn column : EventColumn.values()) {
      Types.NestedField field = iceberg.schema().findField(column.columnName());
      assertThat(field.fieldId()).isEqualTo(column.fieldId());
      assertThat(field.type()).isEqualTo(TableLayout.icebergType(column.type()));
    }
    assertThat(iceberg.schema().columns().getFirst().name()).isEqualTo("event");
    assertThat(iceberg.spec().toString()).contains("timestamp_day: day(4)");
    assertThat(iceberg.sortOrder().fields()).hasSize(3);
    assertThat(iceberg.properties()).containsEntry("write.metadata.metrics.default", "none");
    DataFile file = planned(Expressions.alwaysTrue()).getFirst();
    assertThat(file.sortOrderId()).isEqualTo(iceberg.sortOrder().orderId());
    assertThat(file.lowerBounds().keySet()).containsExactlyInAnyOrder(1, 4, 11);
    assertThat(file.columnSizes()).isNotEmpty();
    assertThat(file.fileSizeInBytes())
        .isEqualTo(java.nio.file.Files.size(Path.of(file.location())));
  }

  @Test
  void oldSnapshotsAreForgottenAndNothingElse() throws Exception {
    for (int i = 0; i < 30; i++) {
      commit(i, "a", Samples.NOON + i, Map.of());
    }
    assertThat(table.expireSnapshotsReplacedBefore(Instant.parse("2100-01-01T00:00:00Z")))
        .isEqualTo(29);
    assertThat(table.table().snapshots()).hasSize(1);
    assertThat(read(Expressions.alwaysTrue())).hasSize(30);
    assertThat(table.committedUpTo()).isEqualTo(at);
  }
}
