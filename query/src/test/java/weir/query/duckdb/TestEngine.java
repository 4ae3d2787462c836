package weir.query.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.Query;
import weir.query.QueryEngine;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.SystemTable;
import weir.query.hottail.TailSource;

/** An engine over a {@link TestLake}, and a way to ask it from a test's thread. */
public final class TestEngine implements AutoCloseable {
  public static final SystemTable LEDGER =
      new SystemTable(
          "ledger",
          List.of(
              new SystemTable.Column("minute", ColumnType.TIMESTAMP),
              new SystemTable.Column("source", ColumnType.STRING),
              new SystemTable.Column("accepted", ColumnType.LONG),
              new SystemTable.Column("dropped", ColumnType.STRING)),
          "minute",
          (project, span, rows) -> {
            rows.accept(new Object[] {1_577_836_800_000_000L, project, 12L, "{}"});
            rows.accept(new Object[] {1_577_836_860_000_000L, "web", 5L, null});
          });

  private final DuckDbEngine engine;
  private final TestLake lake;
  private final Path spill;

  public TestEngine(Path dir) throws IOException {
    this(dir, 256L << 20);
  }

  /** An engine whose statements buffer so many bytes at most. */
  TestEngine(Path dir, long memory) throws IOException {
    this.spill = Files.createDirectories(dir.resolve("spill"));
    this.lake = new TestLake(dir.resolve("lake"));
    this.engine =
        new DuckDbEngine(
            new DuckDbOptions(spill, memory, 1L << 30, 2, 2),
            lake,
            TailSource.NONE,
            List.of(LEDGER));
  }

  public DuckDbEngine engine() {
    return engine;
  }

  public TestLake lake() {
    return lake;
  }

  public Path spill() {
    return spill;
  }

  /** The rows of a statement, as plain values. */
  public List<List<@Nullable Object>> rows(String sql, @Nullable Object... parameters)
      throws QueryException {
    return rows(Access.to(TestLake.PROJECT), sql, parameters);
  }

  /** The rows of a statement, as somebody sees them. */
  List<List<@Nullable Object>> rows(Access access, String sql, @Nullable Object... parameters)
      throws QueryException {
    return on(() -> {
      try (QueryRows rows =
          engine.run(new Query(access, sql, Arrays.asList(parameters)), deadline())) {
        List<List<@Nullable Object>> all = new ArrayList<>();
        while (rows.next()) {
          List<@Nullable Object> row = new ArrayList<>();
          for (int i = 0; i < rows.columns().size(); i++) {
            row.add(rows.value(i));
          }
          all.add(row);
        }
        return all;
      }
    });
  }

  /** The one value of a statement with one row and column. */
  public @Nullable Object value(String sql, @Nullable Object... parameters) throws QueryException {
    return rows(sql, parameters).getFirst().getFirst();
  }

  /** What a statement that must fail fails with. */
  public QueryException failure(String sql, @Nullable Object... parameters) {
    try {
      throw new AssertionError(sql + " gave " + rows(sql, parameters));
    } catch (QueryException e) {
      return e;
    }
  }

  public static Deadline deadline() {
    return new Deadline(System::nanoTime, Duration.ofMinutes(5));
  }

  /** What runs on a thread of the engine's. */
  public interface Step<T> {
    T run() throws QueryException;
  }

  /** Runs a step on a thread of the engine. */
  public <T> T on(Step<T> step) throws QueryException {
    return on(engine, step);
  }

  /** Runs a step on a thread of the engine. */
  public static <T> T on(QueryEngine engine, Step<T> step) throws QueryException {
    CompletableFuture<T> result = new CompletableFuture<>();
    engine
        .thread(
            () -> {
              try {
                result.complete(step.run());
              } catch (QueryException | RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            },
            "test-query")
        .start();
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof QueryException failure) {
        throw failure;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
