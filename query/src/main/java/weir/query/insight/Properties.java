package weir.query.insight;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import weir.event.EventColumn;
import weir.event.PropertyName;
import weir.query.QueryException;

/**
 * What is called a property in a question: a column of {@code events}, else the column of the
 * property, else what the JSON of properties without a column holds.
 */
final class Properties {
  private final Dialect dialect;
  private final Columns columns;
  private final Map<String, Expression> known = new HashMap<>();

  /** How values compare. */
  enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN,
    TIME
  }

  /** A value in SQL. */
  record Expression(String sql, Kind kind) {}

  /** The columns that the table has beside the fixed ones. */
  interface Columns {
    /** The SQL type in upper case. */
    Optional<String> type(String column) throws QueryException;
  }

  Properties(Dialect dialect, Columns columns) {
    this.dialect = dialect;
    this.columns = columns;
  }

  Dialect dialect() {
    return dialect;
  }

  Expression named(String property) throws QueryException {
    Expression expression = known.get(property);
    if (expression == null) {
      expression = find(property);
      known.put(property, expression);
    }
    return expression;
  }

  private Expression find(String property) throws QueryException {
    Optional<EventColumn> fixed = EventColumn.named(property);
    if (fixed.isPresent()) {
      return new Expression(dialect.name(property), kind(fixed.get()));
    }
    if (property.equals("person_id")) {
      return new Expression(property, Kind.TEXT);
    }
    if (property.startsWith(PropertyName.PREFIX)) {
      Optional<String> type = columns.type(property);
      if (type.isPresent()) {
        return new Expression(dialect.name(property), kind(type.get()));
      }
    }
    String column = PropertyName.PREFIX + PropertyName.fold(property);
    Optional<String> type = columns.type(column);
    if (type.isPresent()) {
      return new Expression(dialect.name(column), kind(type.get()));
    }
    return new Expression(dialect.jsonText("properties", property), Kind.TEXT);
  }

  private static Kind kind(EventColumn column) {
    return switch (column.type()) {
      case BOOLEAN -> Kind.BOOLEAN;
      case INTEGER, LONG, DOUBLE -> Kind.NUMBER;
      case STRING -> Kind.TEXT;
      case TIMESTAMP -> Kind.TIME;
    };
  }

  private static Kind kind(String type) {
    return switch (type) {
      case "BOOLEAN" -> Kind.BOOLEAN;
      case "VARCHAR" -> Kind.TEXT;
      default -> type.startsWith("TIMESTAMP") ? Kind.TIME : Kind.NUMBER;
    };
  }

  /** The property as a number. */
  String number(String property) throws QueryException {
    Expression expression = named(property);
    return switch (expression.kind()) {
      case NUMBER -> expression.sql();
      case TEXT -> dialect.number(expression.sql());
      case BOOLEAN -> "CAST(" + expression.sql() + " AS INTEGER)";
      case TIME -> dialect.epochMicros(expression.sql()) + " / 1e6";
    };
  }
}
