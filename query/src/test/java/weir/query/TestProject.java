package weir.query;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.Origin;
import weir.event.RawPosition;
import weir.lake.Lake;
import weir.lake.LakeOptions;
import weir.lake.LakeReader;
import weir.lake.LakeWriter;
import weir.log.EventLog;
import weir.log.Files;
import weir.log.MemoryLog;
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
  private int sent;

  public TestProject(Path dir) throws Exception {
    Path lakeDir = dir.resolve("lake");
    Lake lake =
        keep(
            Lake.open(
                lakeDir,
                Files.system(),
                LakeOptions.DEFAULT.committedEvery(Duration.ofHours(1)),
                InstantSource.system(),
                new SimpleMeterRegistry()));
    writer = keep(lake.writer(log));
    writer.start();
    LakeReader reader = keep(Lake.openReadOnly(lakeDir));
    HotTail tail =
        keep(
            HotTail.start(
                log,
                LakeState.of(reader),
                new TailOptions(64L << 20, 50, Duration.ofMillis(5)),
                System::nanoTime,
                new SimpleMeterRegistry()));
    engine =
        keep(
            new DuckDbEngine(
                new DuckDbOptions(
                    java.nio.file.Files.createDirectories(dir.resolve("spill")),
                    256L << 20,
                    1L << 30,
                    2,
                    2),
                LakeSource.of(reader, lakeDir),
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

  /** Where the next event comes from. */
  public Origin origin() {
    long at = NOON + sent;
    return new Origin(NAME, "web", at, at, new RawPosition(sent + 1L, 0));
  }

  /** Sends an event, made with {@link #origin}. */
  public void send(CleanEvent event) throws Exception {
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
