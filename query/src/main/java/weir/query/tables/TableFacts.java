package weir.query.tables;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import weir.event.EventColumn;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.query.EventView;
import weir.query.QueryException;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;

/** What the files of one table, as one snapshot has it, hold. */
public final class TableFacts {
  private final LakeTable table;
  private final Map<LakeFile, FileFacts> facts;
  private final List<LakeColumn> candidates;

  TableFacts(LakeTable table, Map<LakeFile, FileFacts> facts) {
    this.table = table;
    this.facts = facts;
    this.candidates =
        table.columns().stream()
            .filter(column -> EventColumn.named(column.name()).isEmpty())
            .toList();
  }

  /** The newest received_at. */
  public Optional<Instant> newest() {
    return facts.values().stream()
        .flatMap(file -> file.newest().stream())
        .max(Comparator.naturalOrder());
  }

  /** The names of all events in files. */
  public Set<String> events() {
    Set<String> names = new HashSet<>();
    facts.values().forEach(file -> names.addAll(file.events()));
    return names;
  }

  /** The names of the events in a file. */
  public Set<String> events(LakeFile file) {
    FileFacts known = facts.get(file);
    return known == null ? Set.of() : known.events();
  }

  /**
   * All event names by the names of their views.
   *
   * @param more event names that are not in files
   */
  Map<String, Set<String>> views(Set<String> taken, Set<String> more) {
    Set<String> names = events();
    names.addAll(more);
    Map<String, Set<String>> views = new TreeMap<>();
    for (String name : names) {
      views.computeIfAbsent(EventNames.view(name, taken), view -> new TreeSet<>()).add(name);
    }
    return views;
  }

  /** The files that hold at least one of the events. */
  List<LakeFile> files(Collection<String> names) {
    List<LakeFile> files = new ArrayList<>();
    facts.forEach((file, fact) -> {
      if (names.stream().anyMatch(fact.events()::contains)) {
        files.add(file);
      }
    });
    return files;
  }

  /** The property columns that any of the events has, in table order; asks files that are new. */
  List<LakeColumn> properties(DuckSession session, Collection<String> names) throws QueryException {
    if (!candidates.isEmpty()) {
      learn(session, names);
    }
    Set<Integer> present = new HashSet<>();
    for (FileFacts file : facts.values()) {
      names.forEach(name -> present.addAll(file.properties().getOrDefault(name, Set.of())));
    }
    return candidates.stream().filter(column -> present.contains(column.fieldId())).toList();
  }

  /** The property columns that each of many events has; as {@link #properties}, of all at once. */
  Map<String, Set<String>> propertiesOf(DuckSession session, Collection<String> names)
      throws QueryException {
    if (!candidates.isEmpty()) {
      learn(session, names);
    }
    Map<Integer, String> columns = new HashMap<>();
    candidates.forEach(column -> columns.put(column.fieldId(), column.name()));
    Map<String, Set<String>> properties = new HashMap<>();
    for (FileFacts file : facts.values()) {
      file.properties()
          .forEach((event, ids) -> {
            Set<String> known = properties.computeIfAbsent(event, name -> new HashSet<>());
            ids.stream().filter(columns::containsKey).map(columns::get).forEach(known::add);
          });
    }
    return properties;
  }

  /** As {@link #inJson}, of many events, told apart. */
  Map<String, Set<String>> inJsonOf(
      DuckSession session, Collection<String> names, Set<String> properties) throws QueryException {
    learnJson(session, names, properties);
    Map<String, Set<String>> present = new HashMap<>();
    for (FileFacts file : facts.values()) {
      file.inJson()
          .forEach((event, known) ->
              known.forEach((property, isThere) -> {
                if (isThere && properties.contains(property)) {
                  present.computeIfAbsent(event, name -> new HashSet<>()).add(property);
                }
              }));
    }
    return present;
  }

  /** Which of some properties have values in the JSON of some events; asks files that are new. */
  Set<String> inJson(DuckSession session, Collection<String> names, Set<String> properties)
      throws QueryException {
    learnJson(session, names, properties);
    Set<String> present = new HashSet<>();
    for (FileFacts file : facts.values()) {
      for (String name : names) {
        Map<String, Boolean> known = file.inJson().getOrDefault(name, Map.of());
        properties.stream()
            .filter(property -> known.getOrDefault(property, false))
            .forEach(present::add);
      }
    }
    return present;
  }

  private void learnJson(DuckSession session, Collection<String> names, Set<String> properties)
      throws QueryException {
    Map<Path, FileFacts> unknown = new HashMap<>();
    List<LakeFile> toRead = new ArrayList<>();
    facts.forEach((file, fact) -> {
      if (fact.lacksJson(names, properties)) {
        unknown.put(file.path(), fact);
        toRead.add(file);
      }
    });
    if (!toRead.isEmpty() && !properties.isEmpty()) {
      List<String> asked = List.copyOf(properties);
      JsonNames.inFiles(
          session,
          table.columns(),
          toRead,
          names,
          asked,
          (path, event, found) -> {
            FileFacts fact = unknown.get(path);
            if (fact != null) {
              Map<String, Boolean> known =
                  fact.inJson().computeIfAbsent(event, name -> new ConcurrentHashMap<>());
              asked.forEach(property -> known.put(property, found.contains(property)));
            }
          });
    }
  }

  private void learn(DuckSession session, Collection<String> names) throws QueryException {
    Map<Path, FileFacts> unknown = new HashMap<>();
    List<LakeFile> toRead = new ArrayList<>();
    facts.forEach((file, fact) -> {
      if (fact.lacks(names)) {
        unknown.put(file.path(), fact);
        toRead.add(file);
      }
    });
    if (toRead.isEmpty()) {
      return;
    }
    List<LakeColumn> columns = new ArrayList<>(candidates);
    columns.add(new LakeColumn("event", EventColumn.EVENT.type(), EventColumn.EVENT.fieldId()));
    session.query(
        "SELECT filename, event, "
            + candidates.stream()
                .map(column -> "count(" + ParquetSql.name(column.name()) + ")")
                .collect(Collectors.joining(", "))
            + " FROM "
            + ParquetSql.read(columns, toRead)
            + " WHERE "
            + EventView.among(names)
            + " GROUP BY filename, event",
        rows -> {
          Set<Integer> present = new HashSet<>();
          for (int i = 0; i < candidates.size(); i++) {
            if (rows.getLong(i + 3) > 0) {
              present.add(candidates.get(i).fieldId());
            }
          }
          FileFacts fact = unknown.get(Path.of(rows.getString(1)));
          if (fact != null) {
            fact.properties().put(rows.getString(2), Set.copyOf(present));
          }
        });
  }
}
