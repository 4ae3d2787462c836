package weir.query.tables;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.lake.LakeColumn;
import weir.query.QueryException;
import weir.query.hottail.PinnedTail;
import weir.query.hottail.TailTables;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;

/** The views that each show the events of one name, as one statement sees them. */
final class EventViews {
  static final String PERSON = "person_id";

  private final DuckSession session;
  private final TableFacts facts;
  private final List<TailTables.Slice> slices;
  private final ViewColumns columns;
  private final Taken taken;
  private final Optional<LimitedRows> limited;
  private @Nullable Map<String, Set<String>> names;
  private @Nullable Map<String, Set<String>> inMemory;

  /** Tells names that mean something else; asked only when they matter. */
  interface Taken {
    Set<String> names() throws QueryException;
  }

  /**
   * Describes the views.
   *
   * @param columns of {@code events}
   * @param taken names that mean something else
   * @param limited the only rows whose names are told; empty if all are
   */
  EventViews(
      DuckSession session,
      TableFacts facts,
      List<TailTables.Slice> slices,
      ViewColumns columns,
      Taken taken,
      Optional<LimitedRows> limited) {
    this.session = session;
    this.facts = facts;
    this.slices = slices;
    this.columns = columns;
    this.taken = taken;
    this.limited = limited;
  }

  /** All event names by the names of their views. */
  Map<String, Set<String>> names() throws QueryException {
    Map<String, Set<String>> known = names;
    if (known == null) {
      known = facts.views(taken.names(), PinnedTail.names(slices));
      if (limited.isPresent()) {
        Set<String> told = limited.get().events();
        known.values().forEach(events -> events.retainAll(told));
        known.values().removeIf(Set::isEmpty);
      }
      names = known;
    }
    return known;
  }

  /** The event names of a view; empty if there is no such view. */
  Optional<Set<String>> named(String view) throws QueryException {
    return Optional.ofNullable(names().get(view));
  }

  /**
   * What the columns of every view are called, by its name; views with the same columns have the
   * same map. What one view costs does not grow with the number of files.
   */
  Map<String, Map<String, String>> all() throws QueryException {
    Set<String> events = names().values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    Map<String, Set<String>> inFiles = facts.propertiesOf(session, events);
    Map<String, Set<String>> inJson =
        columns.jsonNames().isEmpty() ? Map.of() : facts.inJsonOf(session, events, jsonNames());
    Map<Set<String>, Map<String, String>> shared = new HashMap<>();
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    for (Map.Entry<String, Set<String>> view : names().entrySet()) {
      Set<String> properties = PinnedTail.properties(slices, view.getValue());
      Set<String> json = new HashSet<>();
      for (String event : view.getValue()) {
        properties.addAll(inFiles.getOrDefault(event, Set.of()));
        json.addAll(inJson.getOrDefault(event, Set.of()));
      }
      addFromJson(properties, json, view.getValue());
      all.put(view.getKey(), shared.computeIfAbsent(properties, columns::aliases));
    }
    return all;
  }

  private Set<String> jsonNames() {
    return new TreeSet<>(columns.jsonNames().values());
  }

  /** What the columns of some events are called in their view: properties lose their prefix. */
  Map<String, String> aliases(Set<String> events) throws QueryException {
    Set<String> properties = PinnedTail.properties(slices, events);
    for (LakeColumn column : facts.properties(session, events)) {
      properties.add(column.name());
    }
    if (!columns.jsonNames().isEmpty()) {
      addFromJson(properties, facts.inJson(session, events, jsonNames()), events);
    }
    return columns.aliases(properties);
  }

  /** Adds the columns whose values lie in JSON of files, or in memory. */
  private void addFromJson(Set<String> properties, Set<String> inFiles, Set<String> events)
      throws QueryException {
    if (columns.jsonNames().isEmpty()) {
      return;
    }
    Set<String> inJson = new HashSet<>(inFiles);
    for (String event : events) {
      inJson.addAll(jsonInMemory(event));
    }
    columns
        .jsonNames()
        .forEach((column, name) -> {
          if (inJson.contains(name)) {
            properties.add(column);
          }
        });
  }

  private Set<String> jsonInMemory(String event) throws QueryException {
    Map<String, Set<String>> known = inMemory;
    if (known == null) {
      known = JsonNames.inMemory(session, slices, jsonNames());
      inMemory = known;
    }
    return known.getOrDefault(event, Set.of());
  }

  /** The traits of persons: property columns of identify calls, with their names in users. */
  Map<String, String> traits(Predicate<String> wanted) throws QueryException {
    Map<String, String> traits = new LinkedHashMap<>();
    for (String column : aliases(Users.IDENTIFYING).keySet()) {
      String name = Users.trait(column, columns.trait(column));
      if (EventColumn.named(column).isEmpty() && wanted.test(name)) {
        traits.put(column, name);
      }
    }
    return traits;
  }

  /** The statement of the view of some events, with the columns that are wanted; at least one. */
  String select(EventRows rows, Set<String> events, Predicate<String> wanted, Identities identities)
      throws QueryException {
    Map<String, String> aliases = aliases(events);
    Map.Entry<String, String> first = aliases.entrySet().iterator().next();
    aliases.values().removeIf(alias -> !wanted.test(alias));
    if (aliases.isEmpty()) {
      aliases.put(first.getKey(), first.getValue());
    }
    Set<String> names = new TreeSet<>(aliases.keySet());
    String from;
    if (wanted.test(PERSON)) {
      names.add(EventColumn.ACTOR.columnName());
      aliases.put(PERSON, PERSON);
      from = identities.withPersons(rows.select(names, events));
    } else {
      from = rows.select(names, events);
    }
    return aliases.entrySet().stream()
            .map(alias ->
                ParquetSql.name(alias.getKey()) + " AS " + ParquetSql.name(alias.getValue()))
            .collect(Collectors.joining(", ", "SELECT ", ""))
        + " FROM ("
        + from
        + ")";
  }
}
