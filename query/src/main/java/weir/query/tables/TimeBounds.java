package weir.query.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.query.QueryException;
import weir.query.SystemTable;
import weir.query.session.DuckSession;
import weir.query.sql.SqlName;

/**
 * Which rows of a table that is copied for a statement, such as the ledger, the statement can see
 * at all, by a column of times: so that a question about an hour reads no years.
 *
 * <p>Bounds are found where a SELECT reads the table alone and its WHERE compares the column, in
 * conditions that must all hold, with something that depends on no row. The engine itself says what
 * that is. Where the table is read more than once, the widest bounds count, and none if one of them
 * has none. Both are an hour wider than said, so that a clock that goes on meanwhile changes
 * nothing.
 */
final class TimeBounds {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MARGIN = 3_600_000_000L;

  /** Functions of nothing but time and what they are given. */
  private static final Set<String> FIXED =
      Set.of(
          "-",
          "+",
          "now",
          "today",
          "trunc",
          "date_trunc",
          "to_seconds",
          "to_minutes",
          "to_hours",
          "to_days",
          "to_weeks",
          "to_months",
          "to_years",
          "get_current_timestamp",
          "current_date",
          "make_timestamp",
          "make_timestamptz",
          "to_timestamp");

  private static final Set<String> CLOCK = Set.of("current_timestamp", "current_date");

  private final DuckSession session;
  private final String table;
  private final String column;

  private TimeBounds(DuckSession session, String table, String column) {
    this.session = session;
    this.table = table;
    this.column = column;
  }

  /**
   * The bounds of a table in a statement that the gateway has let through.
   *
   * @param column of the table, a timestamp
   */
  static SystemTable.Span of(DuckSession session, String sql, String table, String column)
      throws QueryException {
    try {
      JsonNode root = read(session.parse(sql));
      return new TimeBounds(session, table, column).find(root);
    } catch (SQLException e) {
      session.deadline().check();
      return SystemTable.Span.ALL;
    }
  }

  private SystemTable.Span find(JsonNode root) throws SQLException {
    int named = 0;
    List<JsonNode> alone = new ArrayList<>();
    Deque<JsonNode> pending = new ArrayDeque<>(List.of(root));
    while (!pending.isEmpty()) {
      JsonNode node = pending.pop();
      node.forEach(pending::push);
      if (isTable(node)) {
        named++;
      }
      if (node.path("type").asText().equals("SELECT_NODE")
          && isTable(node.path("from_table"))
          && node.at("/from_table/sample").isNull()) {
        alone.add(node);
      }
    }
    if (alone.size() < named) {
      return SystemTable.Span.ALL;
    }
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    for (JsonNode select : alone) {
      SystemTable.Span span = of(select);
      from = Math.min(from, span.from());
      to = Math.max(to, span.to());
    }
    return from > to ? SystemTable.Span.ALL : new SystemTable.Span(from, to);
  }

  private boolean isTable(JsonNode node) {
    return node.path("type").asText().equals("BASE_TABLE")
        && SqlName.fold(node.path("table_name").asText()).equals(table);
  }

  private SystemTable.Span of(JsonNode select) throws SQLException {
    String alias = SqlName.fold(select.at("/from_table/alias").asText());
    long from = Long.MIN_VALUE;
    long to = Long.MAX_VALUE;
    Deque<JsonNode> all = new ArrayDeque<>(List.of(select.path("where_clause")));
    while (!all.isEmpty()) {
      JsonNode condition = all.pop();
      String type = condition.path("type").asText();
      boolean straight = isColumn(condition.path("left"), alias);
      boolean turned = isColumn(condition.path("right"), alias);
      JsonNode other = condition.path(straight ? "right" : "left");
      switch (type) {
        case "CONJUNCTION_AND" -> condition.path("children").forEach(all::push);
        case "COMPARE_GREATERTHAN", "COMPARE_GREATERTHANOREQUALTO" -> {
          from = straight ? Math.max(from, lower(other)) : from;
          to = turned ? Math.min(to, upper(other)) : to;
        }
        case "COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO" -> {
          to = straight ? Math.min(to, upper(other)) : to;
          from = turned ? Math.max(from, lower(other)) : from;
        }
        case "COMPARE_EQUAL" -> {
          from = straight || turned ? Math.max(from, lower(other)) : from;
          to = straight || turned ? Math.min(to, upper(other)) : to;
        }
        case "COMPARE_BETWEEN" -> {
          if (isColumn(condition.path("input"), alias)) {
            from = Math.max(from, lower(condition.path("lower")));
            to = Math.min(to, upper(condition.path("upper")));
          }
        }
        default -> {} // says nothing of times
      }
    }
    return from > to ? new SystemTable.Span(from, from) : new SystemTable.Span(from, to);
  }

  private boolean isColumn(JsonNode node, String alias) {
    JsonNode names = node.path("column_names");
    if (!node.path("type").asText().equals("COLUMN_REF") || names.isEmpty() || names.size() > 2) {
      return false;
    }
    if (names.size() == 2) {
      String of = SqlName.fold(names.get(0).asText());
      if (!of.equals(alias.isEmpty() ? table : alias)) {
        return false;
      }
    }
    return SqlName.fold(names.get(names.size() - 1).asText()).equals(column);
  }

  private long lower(JsonNode value) throws SQLException {
    return micros(value).map(micros -> micros - MARGIN).orElse(Long.MIN_VALUE);
  }

  /** What a clock says now bounds nothing from above: a statement may run again later. */
  private long upper(JsonNode value) throws SQLException {
    return isFixed(value, false)
        ? micros(value).map(micros -> micros + MARGIN).orElse(Long.MAX_VALUE)
        : Long.MAX_VALUE;
  }

  private static boolean isFixed(JsonNode value, boolean mayAskClock) {
    return switch (value.path("class").asText()) {
      case "CONSTANT" -> true;
      case "CAST" -> isFixed(value.path("child"), mayAskClock);
      case "COLUMN_REF" ->
          mayAskClock
              && value.path("column_names").size() == 1
              && CLOCK.contains(value.at("/column_names/0").asText().toLowerCase(Locale.ROOT));
      case "FUNCTION" -> {
        boolean fixed =
            mayAskClock
                && FIXED.contains(value.path("function_name").asText())
                && value.path("filter").isNull();
        for (JsonNode argument : value.path("arguments")) {
          fixed &= isFixed(argument.path("expression"), mayAskClock);
        }
        yield fixed;
      }
      default -> false;
    };
  }

  /** What the engine makes of it; empty if that is no time. */
  private Optional<Long> micros(JsonNode value) throws SQLException {
    if (!isFixed(value, true)) {
      return Optional.empty();
    }
    ObjectNode question = (ObjectNode) read(session.parse("SELECT 1"));
    ((ObjectNode) question.at("/statements/0/node"))
        .set("select_list", JSON.createArrayNode().add(value));
    String text = text("SELECT json_deserialize_sql(CAST(? AS JSON))", question.toString());
    String micros =
        text(
            "SELECT CAST(epoch_us(TRY_CAST(v AS TIMESTAMPTZ)) AS VARCHAR) FROM ("
                + text
                + ") AS t(v)");
    return Optional.ofNullable(micros).map(Long::valueOf);
  }

  private static JsonNode read(String tree) throws SQLException {
    try {
      return JSON.readTree(tree);
    } catch (JsonProcessingException e) {
      throw new SQLException("the parser's tree cannot be read", e);
    }
  }

  private @Nullable String text(String sql, String... parameters) throws SQLException {
    try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }
}
