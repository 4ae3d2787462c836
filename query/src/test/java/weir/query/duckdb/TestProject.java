package weir.query.duckdb;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.ProjectProperties;
import weir.event.PropertyName;
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
import weir.query.RowLimit;
import weir.query.hottail.HotTail;
import weir.query.hottail.LakeState;
import weir.query.hottail.TailOptions;

/** A project whose events lie where a test wants them: in memory alone, in the lake, or in both. */
public final class TestProject implements AutoCloseable {
  public static final String NAME = "shop";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long NOON =
      Instant.parse("2026-03-01T12:00:00Z").getEpochSecond() * 1_000_000;

  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final EventLog log = new MemoryLog();
  private final LakeWriter writer;
  private final DuckDbEngine engine;
  private final LakeSource lakeSource;
  private final Map<String, ColumnType> types = new LinkedHashMap<>();
  private final Map<String, String> columns = new LinkedHashMap<>();
  private final Set<String> inJson = new TreeSet<>();
  private int sent;

  /** A value that is kept as the JSON text that was sent. */
  public record Json(String text) {}

  public TestProject(Path dir) throws Exception {
    this(dir, 50);
  }

  /** A project whose tail has tables of so many rows in memory. */
  TestProject(Path dir, int tailRows) throws Exception {
    Path lakeDir = dir.resolve("lake");
    Lake lake =
        keep(
            Lake.open(
                lakeDir,
                Files.system(),
                LakeOptions.DEFAULT.committedEvery(Duration.ofHours(1)),
                InstantSource.system(),
                new SimpleMeterRegistry()));
    writer = keep(lake.writer(PartitionedLog.of(log)));
    writer.start();
    LakeReader reader = keep(LakeReader.open(lakeDir));
    HotTail tail =
        keep(
            HotTail.start(
                PartitionedLog.of(log),
                LakeState.of(reader),
                new TailOptions(64L << 20, tailRows, Duration.ofMillis(5)),
                System::nanoTime,
                new SimpleMeterRegistry()));
    lakeSource = LakeSource.of(reader, lakeDir, project -> properties());
    engine =
        keep(
            new DuckDbEngine(
                new DuckDbOptions(
                    java.nio.file.Files.createDirectories(dir.resolve("spill")),
                    256L << 20,
                    1L << 30,
                    2,
                    2),
                lakeSource,
                tail,
                List.of(TestEngine.LEDGER)));
    tail.onDrop(engine::dropUnusedTail);
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.add(part);
    return part;
  }

  public DuckDbEngine engine() {
    return engine;
  }

  public LakeSource lake() {
    return lakeSource;
  }

  /** What the engine's process would tell of the properties sent by {@link #track}. */
  public synchronized ProjectProperties properties() {
    List<ProjectProperties.Property> all = new ArrayList<>();
    Set<String> names = new TreeSet<>(columns.keySet());
    names.addAll(inJson);
    for (String name : names) {
      Optional<String> column = Optional.ofNullable(columns.get(name));
      all.add(new ProjectProperties.Property(name, column, inJson.contains(name)));
    }
    return ProjectProperties.of(all, true);
  }

  /**
   * Sends an event with properties, which find their places as they do in the engine's process.
   *
   * @param properties by the names that clients send: Boolean, Double, String or {@link Json}
   */
  public void track(String event, String actor, long afterNoon, Map<String, Object> properties)
      throws Exception {
    Map<String, Object> inColumns = new LinkedHashMap<>();
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    synchronized (this) {
      properties.forEach((name, value) -> {
        if (!(value instanceof Json) && column(name, value)) {
          inColumns.put(Objects.requireNonNull(columns.get(name)), value);
        } else {
          if (PropertyName.fits(name)) {
            inJson.add(name); // of others nobody is told
          }
          rest.set(name, node(value));
        }
      });
    }
    send(
        CleanEvent.builder()
            .set(EventColumn.EVENT, event)
            .set(EventColumn.EVENT_ID, "id-" + sent)
            .set(EventColumn.ACTOR, actor)
            .set(EventColumn.TIMESTAMP, NOON + afterNoon)
            .set(EventColumn.PROPERTIES, rest.isEmpty() ? null : rest.toString())
            .properties(inColumns)
            .build(origin()));
  }

  private boolean column(String name, Object value) {
    ColumnType type =
        value instanceof Double
            ? ColumnType.DOUBLE
            : value instanceof Boolean ? ColumnType.BOOLEAN : ColumnType.STRING;
    if (!columns.containsKey(name)) {
      String folded = PropertyName.fits(name) ? PropertyName.fold(name) : "";
      if (folded.isEmpty()) {
        return false;
      }
      columns.put(name, PropertyName.column(folded, Set.copyOf(columns.values())));
      types.put(name, type);
    }
    return types.get(name) == type;
  }

  private static JsonNode node(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (value) {
      case Boolean flag -> nodes.booleanNode(flag);
      case Double number when isPlain(number) -> nodes.numberNode(number.longValue());
      case Double number -> nodes.numberNode(number);
      case Json json -> nodes.rawValueNode(new RawValue(json.text()));
      default -> nodes.textNode(value.toString());
    };
  }

  private static boolean isPlain(double number) {
    boolean isNegativeZero = number == 0 && 1 / number < 0;
    return number == Math.rint(number) && Math.abs(number) <= 1L << 53 && !isNegativeZero;
  }

  /** Where the next event comes from. */
  public Origin origin() {
    long at = NOON + sent;
    return new Origin(NAME, "web", at, at, new RawPosition(sent + 1L, 0));
  }

  /** Sends an event, made with {@link #origin}; its columns are those of properties so named. */
  public void send(CleanEvent event) throws Exception {
    synchronized (this) {
      for (String column : event.properties().keySet()) {
        if (!columns.containsValue(column)) {
          columns.put(column.substring(PropertyName.PREFIX.length()), column);
        }
      }
    }
    log.append(List.of(codec.encode(event)));
    sent++;
  }

  /** Has the lake take all that was sent. */
  public void commit() throws Exception {
    writer.flush().get(1, TimeUnit.MINUTES);
  }

  /** Waits until all that was sent can be seen. */
  public void awaitAll() {
    await()
        .atMost(PATIENCE)
        .until(() -> rows("select count(*) from events").equals(List.of(List.of((long) sent))));
  }

  public List<List<@Nullable Object>> rows(String sql) throws QueryException {
    return rows(Optional.empty(), sql);
  }

  /** The rows of a statement, as somebody sees them whose key may be limited. */
  public List<List<@Nullable Object>> rows(Optional<RowLimit> limit, String sql)
      throws QueryException {
    Access access = new Access(NAME, "key", limit);
    return TestEngine.on(
        engine,
        () -> {
          List<List<@Nullable Object>> all = new ArrayList<>();
          Query query = new Query(access, sql, List.of());
          try (QueryRows rows = engine.run(query, TestEngine.deadline())) {
            while (rows.next()) {
              @Nullable Object[] row = new Object[rows.columns().size()];
              for (int i = 0; i < row.length; i++) {
                row[i] = rows.value(i);
              }
              all.add(Arrays.asList(row));
            }
          }
          return all;
        });
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
  }
}
