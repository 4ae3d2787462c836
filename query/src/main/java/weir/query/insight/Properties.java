package weir.query.insight;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.event.EventColumn;
import weir.event.ProjectProperties;
import weir.event.PropertyName;
import weir.query.QueryException;

/**
 * What is called a property in a question: a column of {@code events}; where that is null, or there
 * is none, what clients send by that name, whatever its type is and wherever it lies. A property
 * whose values are of several types, or may be, is a text, and a condition on it holds of each
 * value as it would if all were of that value's type.
 */
final class Properties {
  /** The column of the person. */
  static final String PERSON = "person_id";

  private static final String JSON = EventColumn.PROPERTIES.columnName();

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

  /**
   * A value in SQL.
   *
   * @param parts those that it is the first one of that is not null; none if it is not made of such
   */
  record Expression(String sql, Kind kind, List<Part> parts) {
    Expression(String sql, Kind kind) {
      this(sql, kind, List.of());
    }
  }

  /**
   * A place where a value may be.
   *
   * @param json its name in JSON; empty if it is a column
   */
  record Part(String sql, Kind kind, Optional<String> json) {}

  /** What there is beside the fixed columns. */
  interface Columns {
    /** The SQL type of a column in upper case. */
    Optional<String> type(String column) throws QueryException;

    /** What is known of the project's properties. */
    ProjectProperties properties() throws QueryException;
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
    if (property.equals(PERSON)) {
      used.add(property);
      return new Expression(property, Kind.TEXT);
    }
    List<Part> parts = new ArrayList<>();
    Optional<EventColumn> fixed = EventColumn.named(property);
    if (fixed.isPresent()) {
      used.add(property);
      parts.add(new Part(dialect.name(property), kind(fixed.get()), Optional.empty()));
    }
    if (fixed.isEmpty() || !OWN.contains(fixed.get())) {
      sent(property, fixed.isPresent(), parts);
    }
    return expression(parts);
  }

  /** Adds where the values lie that clients send: in JSON, or in a column. */
  private void sent(String property, boolean isFixed, List<Part> parts) throws QueryException {
    Map<String, String> types = new HashMap<>();
    ProjectProperties properties = columns.properties();
    List<String> candidates =
        new ArrayList<>(List.of(property, PropertyName.PREFIX + PropertyName.fold(property)));
    properties.column(property).ifPresent(candidates::add);
    for (String column : candidates) {
      columns.type(column).ifPresent(type -> types.put(column, type));
    }
    ProjectProperties.Place place =
        properties.place(
            property, column -> types.containsKey(column) && EventColumn.named(column).isEmpty());
    if (isFixed && place.column().isEmpty() && !properties.has(property)) {
      return;
    }
    for (String name : place.jsonNames()) {
      used.add(EventColumn.PROPERTIES.columnName());
      parts.add(new Part(dialect.jsonText(JSON, name), Kind.TEXT, Optional.of(name)));
    }
    if (place.column().isPresent()) {
      String column = place.column().get();
      used.add(column);
      parts.add(
          new Part(
              dialect.name(column), kind(String.valueOf(types.get(column))), Optional.empty()));
    }
  }

  private Expression expression(List<Part> parts) {
    boolean isJson = parts.stream().anyMatch(part -> part.json().isPresent());
    boolean isOneKind = parts.stream().map(Part::kind).distinct().count() == 1;
    if (parts.size() == 1) {
      Part only = parts.getFirst();
      return isJson
          ? new Expression(text(only), only.kind(), parts)
          : new Expression(only.sql(), only.kind());
    }
    if (isOneKind && !isJson) {
      return new Expression(first(parts.stream().map(Part::sql)), parts.getFirst().kind());
    }
    return new Expression(first(parts.stream().map(this::text)), Kind.TEXT, parts);
  }

  /**
   * What some properties are together: equal where each of them is, null where one is missing. As
   * anywhere, values of several types are compared as their texts.
   */
  Expression together(List<String> properties) throws QueryException {
    if (properties.size() == 1) {
      Expression only = named(properties.getFirst());
      return only.kind() == Kind.TIME
          ? new Expression(dialect.epochMicros(only.sql()), Kind.NUMBER)
          : only;
    }
    List<String> texts = new ArrayList<>();
    for (String property : properties) {
      Expression each = named(property);
      String text =
          each.parts().isEmpty()
              ? text(new Part(each.sql(), each.kind(), Optional.empty()))
              : each.sql();
      // with its length, so that it is known where the next one begins
      texts.add("CAST(length(" + text + ") AS VARCHAR) || ':' || " + text);
    }
    return new Expression(String.join(" || ", texts), Kind.TEXT);
  }

  private static String first(Stream<String> values) {
    return values.collect(Collectors.joining(", ", "coalesce(", ")"));
  }

  /** A part as the text that stands for its value, wherever that lies. */
  String text(Part part) {
    if (part.json().isPresent()) {
      return dialect.jsonLabel(JSON, part.json().get());
    }
    return switch (part.kind()) {
      case TEXT -> part.sql();
      case NUMBER -> dialect.numberText(part.sql());
      case BOOLEAN, TIME -> "CAST(" + part.sql() + " AS VARCHAR)";
    };
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
    List<Part> parts = expression.parts();
    if (parts.size() < 2) {
      return number(
          parts.isEmpty()
              ? new Part(expression.sql(), expression.kind(), Optional.empty())
              : parts.getFirst());
    }
    return parts.stream()
        .map(part -> " WHEN " + part.sql() + " IS NOT NULL THEN " + number(part))
        .collect(Collectors.joining("", "CASE", " END"));
  }

  private String number(Part part) {
    if (part.json().isPresent()) {
      return "coalesce(%s, CASE WHEN %s THEN CASE %s WHEN 'true' THEN 1 ELSE 0 END END)"
          .formatted(
              dialect.number(part.sql()),
              dialect.isJsonBoolean(JSON, part.json().get()),
              part.sql());
    }
    return switch (part.kind()) {
      case NUMBER -> part.sql();
      case TEXT -> dialect.number(part.sql());
      case BOOLEAN -> "CAST(" + part.sql() + " AS INTEGER)";
      case TIME -> dialect.epochMicros(part.sql()) + " / 1e6";
    };
  }
}
