package weir.query.duckdb;

import java.sql.Array;
import java.sql.Blob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;
import weir.query.QueryColumn;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.QueryStats;
import weir.query.session.DuckSession;
import weir.query.sql.CheckedSql;

/** Rows that DuckDB makes as they are read. */
final class DuckRows implements QueryRows, QueryRows.Progress {
  private static final Set<String> LOCAL_TYPES =
      Set.of("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS");

  private final DuckSession session;
  private final CheckedSql sql;
  private final PreparedStatement statement;
  private final ResultSet rows;
  private final QueryStats stats;
  private final Runnable onClose;
  private final List<QueryColumn> columns = new ArrayList<>();

  /** Columns of timestamps without a zone: as a Timestamp one would lose its era. */
  private final BitSet locals = new BitSet();

  private boolean closed;

  DuckRows(
      DuckSession session,
      CheckedSql sql,
      PreparedStatement statement,
      QueryStats stats,
      Runnable onClose)
      throws SQLException {
    this.session = session;
    this.sql = sql;
    this.statement = statement;
    this.stats = stats;
    this.onClose = onClose;
    this.rows = statement.executeQuery();
    ResultSetMetaData meta = rows.getMetaData();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      String type = meta.getColumnTypeName(i);
      columns.add(new QueryColumn(meta.getColumnLabel(i), type));
      locals.set(i - 1, LOCAL_TYPES.contains(type));
    }
  }

  @Override
  public List<QueryColumn> columns() {
    return List.copyOf(columns);
  }

  @Override
  public QueryStats stats() {
    return stats;
  }

  @Override
  public boolean next() throws QueryException {
    session.deadline().check();
    try {
      return rows.next();
    } catch (SQLException e) {
      throw session.failure(e, sql);
    }
  }

  @Override
  public @Nullable Object value(int column) throws QueryException {
    try {
      return locals.get(column)
          ? rows.getObject(column + 1, LocalDateTime.class)
          : plain(rows.getObject(column + 1));
    } catch (SQLException e) {
      throw session.failure(e, sql);
    } catch (DateTimeException | ArithmeticException e) {
      // such as 24:00
      String name = columns.get(column).name();
      throw new QueryException(
          QueryError.INVALID_SQL, "a value of column " + name + " cannot be told", e);
    }
  }

  @Override
  public OptionalDouble fraction() {
    try {
      double percent = ((DuckDBPreparedStatement) statement).getQueryProgress().getPercentage();
      return percent < 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.min(1, percent / 100));
    } catch (SQLException e) {
      return OptionalDouble.empty();
    }
  }

  private static @Nullable Object plain(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case OffsetDateTime time -> time.toInstant();
      case Timestamp time -> time.toLocalDateTime();
      case UUID id -> id.toString();
      case JsonNode json -> json.toString();
      case Blob blob -> blob.getBytes(1, (int) blob.length());
      case Array array -> list((Object[]) array.getArray());
      case DuckDBStruct struct -> map(struct.getMap());
      case Map<?, ?> map -> map(map);
      default -> value;
    };
  }

  private static List<@Nullable Object> list(@Nullable Object[] values) throws SQLException {
    List<@Nullable Object> list = new ArrayList<>(values.length);
    for (Object value : values) {
      list.add(plain(value));
    }
    return list;
  }

  private static Map<@Nullable Object, @Nullable Object> map(Map<?, ?> values) throws SQLException {
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      map.put(plain(entry.getKey()), plain(entry.getValue()));
    }
    return map;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (statement) {
      statement.cancel();
      rows.close();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot close a result in memory", e);
    } finally {
      session.close();
      onClose.run();
    }
  }
}
