package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.lake.AsOf;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.Query;
import weir.query.QueryEngine;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.QueryStats;

/** One question being answered: runs its statements and keeps what the answer says of them. */
final class Asking {
  private final QueryEngine engine;
  private final Access access;
  private final Optional<AsOf> asOf;
  private final Deadline deadline;
  private final InstantSource clock;
  private final Properties properties;
  private final Properties.Columns columns;
  private QueryStats stats = QueryStats.NONE;

  Asking(
      QueryEngine engine,
      Access access,
      Optional<AsOf> asOf,
      Deadline deadline,
      InstantSource clock,
      Dialect dialect,
      Properties.Columns columns) {
    this.engine = engine;
    this.access = access;
    this.asOf = asOf;
    this.deadline = deadline;
    this.clock = clock;
    this.columns = columns;
    this.properties = new Properties(dialect, columns);
  }

  /** Reads a row. */
  interface RowHandler {
    void row(QueryRows row) throws QueryException;
  }

  Properties properties() {
    return properties;
  }

  /** Properties none of which was named yet. */
  Properties propertiesAnew() {
    return new Properties(dialect(), columns);
  }

  Dialect dialect() {
    return properties.dialect();
  }

  InstantSource clock() {
    return clock;
  }

  /** Says what an answer read that no statement was run for. */
  void read(QueryStats read) {
    stats = read;
  }

  /** Runs a statement and hands over each row. */
  void rows(String sql, RowHandler handler) throws QueryException {
    try (QueryRows rows = engine.run(new Query(access, sql, List.of(), asOf), deadline)) {
      stats = rows.stats();
      while (rows.next()) {
        handler.row(rows);
      }
    }
  }

  /** A number that cannot be null. */
  static long number(QueryRows row, int column) throws QueryException {
    return row.value(column) instanceof Number number ? number.longValue() : 0;
  }

  static double real(QueryRows row, int column) throws QueryException {
    return row.value(column) instanceof Number number ? number.doubleValue() : 0;
  }

  static @Nullable String text(QueryRows row, int column) throws QueryException {
    return Objects.toString(row.value(column), null);
  }

  /** A value for the answer: whole numbers without a fraction. */
  static JsonNode json(@Nullable Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (value) {
      case null -> nodes.nullNode();
      case Boolean flag -> nodes.booleanNode(flag);
      case Number number -> json(number.doubleValue());
      default -> nodes.textNode(value.toString());
    };
  }

  static JsonNode json(double number) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (!Double.isFinite(number)) {
      return nodes.nullNode();
    }
    long whole = (long) number;
    return whole == number && Math.abs(whole) <= 1L << 53
        ? nodes.numberNode(whole)
        : nodes.numberNode(number);
  }

  /**
   * Adds the persons behind a number, sorted.
   *
   * @param field that holds them
   * @param sql a statement of one column of distinct persons
   */
  void persons(ObjectNode answer, String field, String sql, int limit) throws QueryException {
    ArrayNode persons = answer.putArray(field);
    rows(
        "SELECT person_id, count(*) OVER () AS total FROM ("
            + sql
            + ") ORDER BY person_id LIMIT "
            + limit,
        row -> {
          if (persons.isEmpty()) {
            answer.put("persons_total", number(row, 1));
          }
          persons.add(text(row, 0));
        });
    if (persons.isEmpty()) {
      answer.put("persons_total", 0);
    }
  }

  /** Ends the answer with the statement and what it read. */
  void finish(ObjectNode answer, String sql) {
    answer.put("sql", sql);
    ObjectNode read = answer.putObject("stats");
    read.put("elapsed_ms", deadline.elapsed().toMillis());
    read.put("bytes_scanned", stats.bytesScanned());
    read.put("files", stats.files());
    stats.cost().ifPresent(cost -> read.put("cost", cost.toPlainString()));
    if (stats.freshTo().isPresent()) {
      read.put("fresh_to", stats.freshTo().get().toString());
    } else {
      read.putNull("fresh_to");
    }
  }
}
