package weir.query.duckdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.query.Query;
import weir.query.QueryColumn;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.QueryStats;
import weir.query.session.DuckSession;
import weir.query.sql.CheckedSql;

/**
 * The plan of a statement, a line for each step and what it does. Of what the engine says of a
 * step, only what the statement itself says is told: no names of files, and of no tables that it
 * does not name.
 */
final class DuckPlan implements QueryRows {
  /** PostgreSQL's name of the column. */
  static final QueryColumn COLUMN = new QueryColumn("QUERY PLAN", "VARCHAR");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> TOLD =
      Set.of(
          "Projections",
          "Groups",
          "Aggregates",
          "Conditions",
          "Join Type",
          "Order By",
          "Filters",
          "Expression",
          "Top",
          "Estimated Cardinality");

  private final List<String> lines;
  private final QueryStats stats;
  private final Runnable onClose;
  private int at = -1;

  private DuckPlan(List<String> lines, QueryStats stats, Runnable onClose) {
    this.lines = lines;
    this.stats = stats;
    this.onClose = onClose;
  }

  /** Refuses a plan to who must not know how many rows others have. */
  static void allow(Query query, CheckedSql sql) throws QueryException {
    if (sql.explains() && query.access().limit().isPresent()) {
      throw new QueryException(
          QueryError.NOT_ALLOWED,
          "EXPLAIN is not offered to a key that is limited to some rows, since a plan depends on all"
              + " of them");
    }
  }

  static void refuseAsFile(CheckedSql sql) throws QueryException {
    if (sql.explains()) {
      throw new QueryException(
          QueryError.INVALID_REQUEST, "a plan is no parquet; take json, csv or ndjson");
    }
  }

  /** The plan of a statement that has been prepared before without an error. */
  static DuckPlan of(
      DuckSession session, Query query, CheckedSql sql, QueryStats stats, Runnable onClose)
      throws SQLException, QueryException {
    try (PreparedStatement statement = session.prepare("EXPLAIN (FORMAT JSON) " + sql.text())) {
      DuckDbEngine.bind(statement, query.parameters());
      try (ResultSet rows = statement.executeQuery()) {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
          for (JsonNode step : JSON.readTree(rows.getString(2))) {
            tell(step, 0, lines);
          }
        }
        return new DuckPlan(lines, stats, onClose);
      }
    } catch (JsonProcessingException e) {
      throw new QueryException(QueryError.INTERNAL, "the plan cannot be read", e);
    }
  }

  private static void tell(JsonNode step, int depth, List<String> lines) {
    String name = step.path("name").asText().strip().toLowerCase(Locale.ROOT).replace('_', ' ');
    lines.add("  ".repeat(depth) + (depth == 0 ? "" : "-> ") + name);
    String margin = "  ".repeat(depth) + (depth == 0 ? "  " : "     ");
    step.path("extra_info")
        .properties()
        .forEach(info -> {
          String text =
              info.getValue().isTextual() ? info.getValue().asText() : joined(info.getValue());
          if (TOLD.contains(info.getKey()) && !text.isBlank()) {
            lines.add(margin + info.getKey() + ": " + text.replace('\n', ' '));
          }
        });
    for (JsonNode child : step.path("children")) {
      tell(child, depth + 1, lines);
    }
  }

  private static String joined(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asText()));
    return String.join(", ", texts);
  }

  @Override
  public List<QueryColumn> columns() {
    return List.of(COLUMN);
  }

  @Override
  public QueryStats stats() {
    return stats;
  }

  @Override
  public boolean next() {
    return ++at < lines.size();
  }

  @Override
  public @Nullable Object value(int column) {
    return lines.get(at);
  }

  @Override
  public void close() {
    onClose.run();
  }
}
