package weir.query.tables;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import weir.query.sql.ParquetSql;

/**
 * The view {@code users}: a row for each person, with what is known of him by his events: when and
 * whence he came first and last, and his traits, of each the newest value that an identify call
 * gave.
 */
final class Users {
  static final String NAME = "users";

  /** The events whose properties are traits, as the protocols call them. */
  static final Set<String> IDENTIFYING = Set.of("identified", "_profile_set");

  private static final String IS_IDENTIFYING =
      IDENTIFYING.stream().sorted().collect(Collectors.joining("', '", "event IN ('", "')"));

  /** Where somebody came from, of his first and of his last event that says so. */
  private static final List<String> TOUCH =
      List.of(
          "utm_source",
          "utm_medium",
          "utm_campaign",
          "referrer_host",
          "channel",
          "platform",
          "country");

  private static final Set<String> OWN =
      Set.of("person_id", "user_id", "first_seen", "last_seen", "events");

  private Users() {}

  /** The columns of {@code events} that it reads beside the traits. */
  static Set<String> columns() {
    Set<String> columns =
        new TreeSet<>(Set.of("event", "actor", "timestamp", "user_id", "anonymous_id"));
    columns.addAll(TOUCH);
    return columns;
  }

  /** What the trait of a property column is called: the property, unless the view has that name. */
  static String trait(String column, String property) {
    boolean taken =
        OWN.contains(property)
            || TOUCH.stream().anyMatch(touch -> property.matches("(first|last)_" + touch));
    return taken ? column : property;
  }

  /**
   * The statement of the view.
   *
   * @param events a SELECT of all events with {@link #columns()}, the traits' and person_id
   * @param traits columns with the names that they have in the view
   */
  static String select(String events, Map<String, String> traits) {
    StringBuilder select =
        new StringBuilder("SELECT person_id, arg_max(user_id, timestamp) AS user_id")
            .append(", min(timestamp) AS first_seen, max(timestamp) AS last_seen")
            .append(", count(*) AS events");
    for (String column : TOUCH) {
      select.append(", arg_min(").append(column).append(", timestamp) AS first_").append(column);
      select.append(", arg_max(").append(column).append(", timestamp) AS last_").append(column);
    }
    traits.forEach((column, name) ->
        select
            .append(", arg_max(")
            .append(ParquetSql.name(column))
            .append(", timestamp) FILTER (WHERE " + IS_IDENTIFYING + ") AS ")
            .append(ParquetSql.name(name)));
    return select + " FROM (" + events + ") WHERE person_id IS NOT NULL GROUP BY person_id";
  }
}
