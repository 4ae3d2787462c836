package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import weir.query.JsonNumbers;

/** Pieces of SQL that all dialects share. */
final class Sql {
  private Sql() {}

  /** All conditions joined. */
  static String all(Collection<String> conditions) {
    return conditions.isEmpty() ? "true" : join(conditions, " AND ");
  }

  /** Any of the conditions. */
  static String any(Collection<String> conditions) {
    return conditions.isEmpty() ? "false" : join(conditions, " OR ");
  }

  private static String join(Collection<String> conditions, String word) {
    return conditions.size() == 1
        ? conditions.iterator().next()
        : String.join(word, conditions.stream().map(each -> "(" + each + ")").toList());
  }

  /** A WHERE clause with a space before it; empty where there is no condition. */
  static String where(Collection<String> conditions) {
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", wrapped(conditions));
  }

  private static List<String> wrapped(Collection<String> conditions) {
    return conditions.stream()
        .map(each -> each.contains(" OR ") ? "(" + each + ")" : each)
        .toList();
  }

  /** Whether an expression has a value that an answer gave for it. */
  static String is(String expression, JsonNode value, Dialect dialect) {
    if (value.isNull()) {
      return expression + " IS NULL";
    }
    String text = "CAST(" + expression + " AS VARCHAR)";
    return value.isNumber()
        ? JsonNumbers.read(value)
            .map(number -> Numbers.compare(dialect.number(text), "=", number))
            .orElse("false")
        : text + " = " + dialect.text(value.asText());
  }

  /** One list after another. */
  static List<String> concat(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }

  /**
   * The events of a range with the number of their session among those of their person: columns
   * {@code names} and {@code session}.
   *
   * @param names of columns, person_id and timestamp among them
   */
  static String sessions(Dialect dialect, String names, List<String> conditions, String isLater) {
    return "SELECT *, sum(CASE WHEN previous IS NULL OR "
        + isLater
        + " THEN 1 ELSE 0 END) OVER (PARTITION BY person_id ORDER BY timestamp"
        + ") AS session FROM (SELECT "
        + names
        + ", lag(timestamp) OVER (PARTITION BY person_id ORDER BY timestamp)"
        + " AS previous FROM events"
        + where(concat(List.of("person_id IS NOT NULL"), conditions))
        + ")";
  }
}
