package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import weir.event.WrittenNumber;
import weir.query.JsonNumbers;
import weir.query.QueryException;

/**
 * A condition on a property.
 *
 * <p>As elsewhere in the field, {@code !=}, {@code not_in} and {@code not_contains} hold where
 * there is no value, {@code contains} does not mind the case, and a value of another type than the
 * property's is compared after conversion, or does not match.
 *
 * @param path of the filter in the request
 * @param value null, a scalar, or an array of them
 */
record Filter(String path, String property, String op, JsonNode value) {
  private static final Map<String, String> OPPOSITES =
      Map.of("!=", "=", "not_in", "in", "not_contains", "contains", "is_not_null", "is_null");
  private static final List<String> OPS =
      List.of(
          "=",
          "!=",
          "<",
          "<=",
          ">",
          ">=",
          "in",
          "not_in",
          "contains",
          "not_contains",
          "starts_with",
          "matches",
          "is_null",
          "is_not_null");
  private static final int LONGEST_LIST = 10_000;

  /** The filters of a field that holds an array of them. */
  static List<Filter> read(RequestFields fields, String name) throws QueryException {
    List<Filter> filters = new ArrayList<>();
    for (RequestFields each : fields.objects(name)) {
      String property = each.required("property");
      String op = each.text("op").orElse("=");
      if (!OPS.contains(op)) {
        throw RequestFields.invalid(each.path("op") + " must be one of " + String.join(", ", OPS));
      }
      Filter filter = new Filter(each.path("value"), property, op, each.get("value"));
      each.end();
      filters.add(filter);
    }
    return filters;
  }

  /** The SQL condition: true, or anything else where it does not hold. */
  String condition(Properties properties) throws QueryException {
    Properties.Expression left = properties.named(property);
    String opposite = OPPOSITES.get(op);
    if (opposite != null) {
      return "(" + positive(opposite, left, properties) + ") IS NOT TRUE";
    }
    return positive(op, left, properties);
  }

  private String positive(String operator, Properties.Expression left, Properties properties)
      throws QueryException {
    List<Properties.Part> parts =
        left.parts().isEmpty()
            ? List.of(new Properties.Part(left.sql(), left.kind(), Optional.empty()))
            : left.parts();
    if (operator.equals("is_null")) {
      return Sql.all(parts.stream().map(part -> part.sql() + " IS NULL").toList());
    }
    if (parts.size() == 1) {
      return positive(operator, parts.getFirst(), properties);
    }
    StringBuilder cases = new StringBuilder("CASE");
    for (Properties.Part part : parts) {
      cases.append(" WHEN ").append(part.sql()).append(" IS NOT NULL THEN ");
      cases.append(positive(operator, part, properties));
    }
    return cases.append(" END").toString();
  }

  private String positive(String operator, Properties.Part left, Properties properties)
      throws QueryException {
    Dialect dialect = properties.dialect();
    return switch (operator) {
      case "in" -> in(left, dialect);
      case "contains" -> dialect.contains(properties.text(left), string());
      case "starts_with" -> dialect.startsWith(properties.text(left), string());
      case "matches" -> dialect.matches(properties.text(left), pattern());
      default ->
          left.json().isPresent()
              ? new JsonCondition(left, dialect).compare(operator, scalar(value))
              : compare(operator, left, value, dialect);
    };
  }

  private String in(Properties.Part left, Dialect dialect) throws QueryException {
    if (!value.isArray()) {
      throw RequestFields.invalid(path + " must be an array");
    }
    if (value.size() > LONGEST_LIST) {
      throw RequestFields.invalid(path + " has more than " + LONGEST_LIST + " values");
    }
    if (left.json().isPresent()) {
      List<JsonNode> scalars = new ArrayList<>();
      for (JsonNode each : value) {
        scalars.add(scalar(each));
      }
      return new JsonCondition(left, dialect).in(scalars);
    }
    List<String> values = new ArrayList<>();
    for (JsonNode each : value) {
      literal(left.kind(), each, dialect).ifPresent(values::add);
    }
    return values.isEmpty()
        ? "false"
        : left.sql() + values.stream().collect(Collectors.joining(", ", " IN (", ")"));
  }

  private String compare(String operator, Properties.Part left, JsonNode right, Dialect dialect)
      throws QueryException {
    boolean order = !operator.equals("=");
    Optional<WrittenNumber> number = JsonNumbers.read(right);
    if (order && left.kind() == Properties.Kind.TEXT && right.isNumber() && number.isPresent()) {
      return Numbers.compareText(left.sql(), operator, number.get(), dialect);
    }
    if (left.kind() == Properties.Kind.NUMBER && number.isPresent()) {
      return Numbers.compare(left.sql(), operator, number.get());
    }
    Optional<String> literal = literal(left.kind(), right, dialect);
    return literal.isEmpty() ? "false" : left.sql() + " " + operator + " " + literal.get();
  }

  private JsonNode scalar(JsonNode node) throws QueryException {
    if (!node.isTextual() && !node.isNumber() && !node.isBoolean()) {
      throw RequestFields.invalid(path + " must be a string, number or boolean here");
    }
    return node;
  }

  /** The value as a literal of a kind; empty if it has none of that kind. */
  private Optional<String> literal(Properties.Kind kind, JsonNode scalar, Dialect dialect)
      throws QueryException {
    String text = JsonNumbers.text(scalar(scalar));
    return switch (kind) {
      case TEXT -> Optional.of(dialect.text(text));
      case NUMBER ->
          JsonNumbers.read(scalar)
              .filter(number -> number.asDouble().isPresent())
              .map(number -> Numbers.literal(number.asDouble().getAsDouble()));
      case BOOLEAN ->
          text.equals("true") || text.equals("false") ? Optional.of(text) : Optional.empty();
      case TIME -> Optional.of(dialect.timestamp(time(text)));
    };
  }

  private Instant time(String text) throws QueryException {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw RequestFields.invalid(path + " must be like 2026-01-01T00:00:00Z");
    }
  }

  private String string() throws QueryException {
    if (value.isMissingNode() || value.isNull() || value.isContainerNode()) {
      throw RequestFields.invalid(path + " must be a string");
    }
    return JsonNumbers.text(value);
  }

  private String pattern() throws QueryException {
    String pattern = string();
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw RequestFields.invalid(path + " is no regular expression: " + e.getDescription());
    }
    return pattern;
  }

  /** SQL conditions of several filters. */
  static List<String> conditions(List<Filter> filters, Properties properties)
      throws QueryException {
    List<String> conditions = new ArrayList<>();
    for (Filter filter : filters) {
      conditions.add(filter.condition(properties));
    }
    return conditions;
  }
}
