package weir.lake.rows;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBValue;

/** A table function of a DuckDB instance that reads rows of this process. Thread-safe. */
final class RowFunction {
  private static final String NAME = "weir_rows";

  private final Map<Long, RowFeed> feeds = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  private RowFunction() {}

  /** Rows that statements can read until they are withdrawn. */
  final class Offer implements AutoCloseable {
    private final long number;

    private Offer(long number) {
      this.number = number;
    }

    /** What a statement reads from; once only. */
    String expression() {
      return NAME + "(" + number + ")";
    }

    @Override
    public void close() {
      feeds.remove(number);
    }
  }

  /** Makes the function known to the instance of a connection. */
  static RowFunction register(Connection connection) throws SQLException {
    RowFunction function = new RowFunction();
    try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
      builder
          .withName(NAME)
          .withParameter(Long.class)
          .withFunction(function.new Rows())
          .register(connection);
    }
    return function;
  }

  Offer offer(RowFeed feed) {
    long number = numbers.incrementAndGet();
    feeds.put(number, feed);
    return new Offer(number);
  }

  private RowFeed feed(long number) {
    RowFeed feed = feeds.get(number);
    if (feed == null) {
      throw new IllegalStateException("no rows numbered " + number);
    }
    return feed;
  }

  /** The function: its argument names a feed. */
  private final class Rows implements DuckDBTableFunction<RowFeed, RowFeed, Object> {
    @Override
    public RowFeed bind(DuckDBTableFunctionBindInfo info) throws SQLException {
      RowFeed feed;
      try (DuckDBValue argument = info.getParameter(0)) {
        feed = feed(argument.getLong());
      }
      for (int slot = 0; slot < feed.columns().size(); slot++) {
        info.addResultColumn(feed.columns().get(slot).name(), feed.wireType(slot));
      }
      info.setCardinality(feed.rows(), true);
      return feed;
    }

    @Override
    public RowFeed init(DuckDBTableFunctionInitInfo info) {
      info.setMaxThreads(1);
      return info.getBindData();
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) {
      RowFeed feed = info.getBindData();
      return feed.fill(chunk);
    }
  }
}
