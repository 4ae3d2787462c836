package weir.query.insight;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import weir.event.EventColumn;
import weir.event.PropertyName;
import weir.query.QueryException;

/**
 * What is called a property in a question: a column of {@code events}; where that is null, or there
 * is none, the column of the property, else what the JSON of properties without a column holds.
 */
final class Properties {
  /** The column of the person. */
  static final String PERSON = "person_id";

  /** Columns that mean the same whatever properties clients send. */
  private static final Set<EventColumn> OWN =
      Set.copyOf(EnumSet.range(EventColumn.EVENT, EventColumn.PROTOCOL));

  private final Dialect dialect;
  private final Columns columns;
  private final Map<String, Expression> known = new HashMap<>();
  private final Set<String> used = new TreeSet<>();

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

  /** The columns that anything named so far is made of, {@code person_id} among them. */
  Set<String> used() {
    return used;
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
    if (fixed.isPresent() || property.equals(PERSON)) {
      used.add(property);
    }
    if (fixed.isPresent()) {
      return fixed(fixed.get());
    }
    if (property.equals(PERSON)) {
      return new Expression(property, Kind.TEXT);
    }
    if (property.startsWith(PropertyName.PREFIX)) {
      Optional<String> type = columns.type(property);
      if (type.isPresent()) {
        used.add(property);
        return new Expression(dialect.name(property), kind(type.get()));
      }
    }
    String column = PropertyName.PREFIX + PropertyName.fold(property);
    Optional<String> type = columns.type(column);
    if (type.isPresent()) {
      used.add(column);
      return new Expression(dialect.name(column), kind(type.get()));
    }
    used.add(EventColumn.PROPERTIES.columnName());
    return new Expression(dialect.jsonText("properties", property), Kind.TEXT);
  }

  private Expression fixed(EventColumn column) throws QueryException {
    String name = dialect.name(column.columnName());
    String sent = PropertyName.PREFIX + column.columnName();
    Optional<String> type = OWN.contains(column) ? Optional.empty() : columns.type(sent);
    if (type.isEmpty() || kind(type.get()) != kind(column)) {
      return new Expression(name, kind(column));
    }
    used.add(sent);
    return new Expression("coalesce(" + name + ", " + dialect.name(sent) + ")", kind(column));
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
