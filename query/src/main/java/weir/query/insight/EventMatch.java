package weir.query.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import weir.query.QueryException;

/**
 * Which events are meant: those of some names, that pass filters.
 *
 * @param names none for any event
 */
record EventMatch(List<String> names, List<Filter> filters) {
  /** Any event. */
  static final EventMatch ANY = new EventMatch(List.of(), List.of());

  /** Reads {@code event} or {@code events}, and {@code filters}. */
  static EventMatch read(RequestFields fields) throws QueryException {
    EventMatch match = new EventMatch(names(fields), Filter.read(fields, "filters"));
    fields.end();
    return match;
  }

  /** The names in {@code event} and {@code events}. */
  static List<String> names(RequestFields fields) throws QueryException {
    List<String> names = new ArrayList<>(fields.texts("events"));
    fields.text("event").ifPresent(names::add);
    return List.copyOf(names);
  }

  /** SQL conditions that all must hold. */
  List<String> conditions(Properties properties) throws QueryException {
    List<String> conditions = new ArrayList<>();
    if (!names.isEmpty()) {
      conditions.add(among(names, properties.dialect()));
    }
    conditions.addAll(Filter.conditions(filters, properties));
    return conditions;
  }

  /** One SQL condition. */
  String condition(Properties properties) throws QueryException {
    return Sql.all(conditions(properties));
  }

  static String among(List<String> names, Dialect dialect) {
    return names.size() == 1
        ? "event = " + dialect.text(names.getFirst())
        : names.stream().map(dialect::text).collect(Collectors.joining(", ", "event IN (", ")"));
  }
}
