package weir.query;

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
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeTable;

/** What the files of one table, as one snapshot has it, hold. */
final class TableFacts {
  private final LakeTable table;
  private final Map<LakeFile, FileFacts> facts;
  private final List<LakeColumn> candidates;

  /** What all files together say of the events that were asked for together; null before that. */
  private @Nullable Together together;

  private record Together(
      Set<String> events, Map<String, Set<Integer>> properties, Map<String, Set<String>> inJson) {}

  TableFacts(LakeTable table, Map<LakeFile, FileFacts> facts) {
    this.table = table;
    this.facts = facts;
    this.candidates =
        table.columns().stream()
            .filter(column -> EventColumn.named(column.name()).isEmpty())
            .toList();
  }

  /** The newest received_at. */
  Optional<Instant> newest() {
    return facts.values().stream()
        .flatMap(file -> file.newest().stream())
        .max(Comparator.naturalOrder());
  }

  /** The names of all events in files. */
  Set<String> events() {
    Set<String> names = new HashSet<>();
    facts.values().forEach(file -> names.addAll(file.events()));
    return names;
  }

  /** The names of the events in a file. */
  Set<String> events(LakeFile file) {
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

  /**
   * Asks the files once for what many events have, so that each of them costs no look into each
   * file afterwards.
   *
   * @param inJson properties whose values may lie in JSON
   */
  void learnAll(DuckSession session, Set<String> names, Set<String> inJson) throws QueryException {
    properties(session, names);
    inJson(session, names, inJson);
    Map<String, Set<Integer>> properties = new HashMap<>();
    Map<String, Set<String>> json = new HashMap<>();
    for (FileFacts file : facts.values()) {
      file.properties()
          .forEach((event, ids) ->
              properties.computeIfAbsent(event, ignored -> new HashSet<>()).addAll(ids));
      file.inJson()
          .forEach((event, known) ->
              known.forEach((property, present) -> {
                if (present) {
                  json.computeIfAbsent(event, ignored -> new HashSet<>()).add(property);
                }
              }));
    }
    together = new Together(Set.copyOf(names), properties, json);
  }

  /** The property columns that any of the events has, in table order; asks files that are new. */
  List<LakeColumn> properties(DuckSession session, Collection<String> names) throws QueryException {
    Together known = together;
    if (known != null && known.events().containsAll(names)) {
      Set<Integer> all = new HashSet<>();
      names.forEach(name -> all.addAll(known.properties().getOrDefault(name, Set.of())));
      return columns(all);
    }
    if (!candidates.isEmpty()) {
      learn(session, names);
    }
    Set<Integer> present = new HashSet<>();
    for (FileFacts file : facts.values()) {
      names.forEach(name -> present.addAll(file.properties().getOrDefault(name, Set.of())));
    }
    return columns(present);
  }

  private List<LakeColumn> columns(Set<Integer> present) {
    return candidates.stream().filter(column -> present.contains(column.fieldId())).toList();
  }

  /** Which of some properties have values in the JSON of some events; asks files that are new. */
  Set<String> inJson(DuckSession session, Collection<String> names, Set<String> properties)
      throws QueryException {
    Together known = together;
    if (known != null && known.events().containsAll(names)) {
      Set<String> all = new HashSet<>();
      names.forEach(name -> all.addAll(known.inJson().getOrDefault(name, Set.of())));
      all.retainAll(properties);
      return all;
    }
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
              Map<String, Boolean> answers =
                  fact.inJson().computeIfAbsent(event, name -> new ConcurrentHashMap<>());
              asked.forEach(property -> answers.put(property, found.contains(property)));
            }
          });
    }
    Set<String> present = new HashSet<>();
    for (FileFacts file : facts.values()) {
      for (String name : names) {
        Map<String, Boolean> answers = file.inJson().getOrDefault(name, Map.of());
        properties.stream()
            .filter(property -> answers.getOrDefault(property, false))
            .forEach(present::add);
      }
    }
    return present;
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
