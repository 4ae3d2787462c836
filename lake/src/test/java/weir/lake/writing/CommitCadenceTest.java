package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.Test;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.LakeOptions;
import weir.lake.ListLog;
import weir.lake.ManualClock;
import weir.lake.Samples;
import weir.lake.UpkeepOptions;
import weir.lake.catalog.TableName;
import weir.lake.table.CommitResult;
import weir.lake.table.EventTable;
import weir.lake.table.MemoryEventTable;
import weir.lake.table.RowWriter;
import weir.log.PartitionedLog;

/** When tables are committed, and that one which cannot be holds up no other. */
final class CommitCadenceTest {
  private final ManualClock clock = new ManualClock();
  private final ListLog log = new ListLog();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TablesInMemory tables = new TablesInMemory();

  private static LakeOptions options(long pendingBytes, long heldLogBytes) {
    return new LakeOptions(
        500,
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        pendingBytes,
        heldLogBytes,
        pendingBytes,
        1,
        UpkeepOptions.DEFAULT);
  }

  private LakeWriter writer(LakeOptions options) throws IOException {
    return new LakeWriter(tables, PartitionedLog.of(log), options, clock, meters);
  }

  private void add(String project, int rows) {
    for (int i = 0; i < rows; i++) {
      log.add(Samples.event(project, i));
    }
  }

  @Test
  void aBusyTableIsCommittedAfterThirtySecondsAndAQuietOneAfterTenMinutes() throws Exception {
    try (LakeWriter writer = writer(options(1 << 30, 1 << 30))) {
      add("busy", 10);
      add("quiet", 9);
      writer.step();
      clock.advance(Duration.ofSeconds(29));
      writer.step();
      assertThat(tables.rows("busy")).isZero();
      clock.advance(Duration.ofSeconds(1));
      writer.step();
      assertThat(tables.rows("busy")).isEqualTo(10);
      assertThat(tables.rows("quiet")).isZero();
      assertThat(writer.holdsFrom()).isEqualTo(Positions.of(new Position(100)));
      clock.advance(Duration.ofSeconds(569));
      writer.step();
      assertThat(tables.rows("quiet")).isZero();
      clock.advance(Duration.ofSeconds(1));
      writer.step();
      assertThat(tables.rows("quiet")).isEqualTo(9);
      assertThat(writer.holdsFrom()).isEqualTo(Positions.of(log.durableEnd()));
    }
  }

  @Test
  void aTableThatBecomesBusyIsCommittedThen() throws Exception {
    try (LakeWriter writer = writer(options(1 << 30, 1 << 30))) {
      add("shop", 9);
      writer.step();
      clock.advance(Duration.ofMinutes(2));
      writer.step();
      assertThat(tables.rows("shop")).isZero();
      add("shop", 1);
      writer.step();
      assertThat(tables.rows("shop")).isEqualTo(10);
    }
  }

  @Test
  void enoughRowsAreCommittedAtOnce() throws Exception {
    try (LakeWriter writer = writer(options(1 << 30, 1 << 30))) {
      add("shop", 499);
      writer.step();
      assertThat(tables.rows("shop")).isZero();
      add("shop", 1);
      writer.step();
      assertThat(tables.rows("shop")).isEqualTo(500);
    }
  }

  @Test
  void whenMemoryIsUsedUpTheLargestTablesAreCommitted() throws Exception {
    try (LakeWriter writer = writer(options(100_000, 1 << 30))) {
      add("small", 10);
      add("large", 90);
      writer.step();
      assertThat(tables.rows("large")).isEqualTo(90);
      assertThat(tables.rows("small")).isZero();
    }
  }

  @Test
  void rowsThatHoldBackTooMuchLogAreCommitted() throws Exception {
    try (LakeWriter writer = writer(options(1 << 30, 2000))) {
      add("small", 1);
      add("large", 199);
      writer.step();
      assertThat(tables.rows("small")).isZero();
      add("large", 1);
      writer.step();
      writer.step();
      assertThat(tables.rows("small")).isEqualTo(1);
    }
  }

  @Test
  void aTableThatCannotBeCommittedHoldsUpNoOther() throws Exception {
    try (LakeWriter writer = writer(options(1 << 30, 1 << 30))) {
      tables.failing.add("ill");
      add("ill", 500);
      assertThatThrownBy(writer::step).hasMessageContaining("the disk of ill");
      for (int round = 0; round < 10; round++) {
        add("ill", 20);
        add("well", 500);
        clock.advance(Duration.ofSeconds(5));
        stepOver(writer);
        stepOver(writer);
        assertThat(tables.rows("well")).isEqualTo(500 * (round + 1));
      }
      assertThat(tables.rows("ill")).isZero();
      assertThat(writer.holdsFrom()).isEqualTo(Positions.START);
      assertThat(meters.get("weir_lake_failing_tables").gauge().value()).isEqualTo(1);
      assertThat(writer.trouble()).hasValueSatisfying(why -> assertThat(why).contains("events"));
      tables.failing.clear();
      clock.advance(Duration.ofSeconds(5));
      writer.step();
      assertThat(tables.rows("ill")).isEqualTo(700);
      assertThat(writer.holdsFrom()).isEqualTo(Positions.of(log.durableEnd()));
      assertThat(meters.get("weir_lake_failing_tables").gauge().value()).isZero();
    }
  }

  @Test
  void memoryStaysBoundedWhileATableCannotBeWritten() throws Exception {
    try (LakeWriter writer = writer(options(100_000, 1 << 30))) {
      tables.unwritable.add("ill");
      add("ill", 1000);
      for (int i = 0; i < 20; i++) {
        stepOver(writer);
        clock.advance(Duration.ofSeconds(5));
      }
      assertThat(meters.get("weir_lake_pending_bytes").gauge().value()).isBetween(1e5, 1.1e5);
      tables.unwritable.clear();
      while (tables.rows("ill") < 1000) {
        writer.step();
        clock.advance(Duration.ofMinutes(10));
      }
    }
  }

  private static void stepOver(LakeWriter writer) {
    try {
      writer.step();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("the disk of ill");
    }
  }

  /** Tables in memory, some of which fail. */
  private static final class TablesInMemory implements LakeWriter.Tables {
    private final Map<String, MemoryEventTable.Store> stores = new HashMap<>();
    private final Set<String> failing = new HashSet<>();
    private final Set<String> unwritable = new HashSet<>();

    int rows(String project) {
      MemoryEventTable.Store store = stores.get(project);
      return store == null ? 0 : store.rows().size();
    }

    @Override
    public List<TableName> existing() {
      return List.of();
    }

    @Override
    public EventTable open(TableName name) {
      MemoryEventTable table =
          new MemoryEventTable(
              stores.computeIfAbsent(name.project(), n -> new MemoryEventTable.Store()));
      return new EventTable() {
        @Override
        public RowWriter newWriter() {
          return new FailingWriter(name.project(), table.newWriter());
        }

        @Override
        public CommitResult commit(List<DataFile> files, Positions from, Positions upTo)
            throws IOException {
          if (failing.contains(name.project())) {
            throw new IOException("the disk of " + name.project());
          }
          return table.commit(files, from, upTo);
        }

        @Override
        public Positions committedUpTo() {
          return table.committedUpTo();
        }
      };
    }

    @Override
    public void committed(TableName name) {}

    private final class FailingWriter implements RowWriter {
      private final String project;
      private final RowWriter rows;

      FailingWriter(String project, RowWriter rows) {
        this.project = project;
        this.rows = rows;
      }

      @Override
      public void add(weir.event.CleanRecord row) {
        rows.add(row);
      }

      @Override
      public int rows() {
        return rows.rows();
      }

      @Override
      public long bytes() {
        return rows.bytes();
      }

      @Override
      public List<DataFile> write() throws IOException {
        if (unwritable.contains(project)) {
          throw new IOException("the disk of " + project);
        }
        return rows.write();
      }
    }
  }
}
