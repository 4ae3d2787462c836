package weir.query;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import weir.event.ProjectProperties;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;

/**
 * Remembers what the files of a project's tables hold, and tells what its properties are. Files
 * never change, so each is asked once, together with the others that are new. Safe for use by
 * several threads.
 */
final class FileCatalog {
  private static final int SLACK = 64;

  private final Map<Path, FileFacts> known = new ConcurrentHashMap<>();
  private final PropertyReading properties;

  /** Reads what is known of the project's properties now. */
  interface PropertyReading {
    ProjectProperties read() throws IOException;
  }

  FileCatalog(PropertyReading properties) {
    this.properties = properties;
  }

  /**
   * What is known of the project's properties by now: to be asked for after tail and snapshot are
   * pinned.
   */
  ProjectProperties properties() throws QueryException {
    try {
      return properties.read();
    } catch (IOException e) {
      throw new QueryException(
          QueryError.UNAVAILABLE, "what is known of properties cannot be read now", e);
    }
  }

  /** What the files of a table hold; asks those that are new. */
  TableFacts facts(DuckSession session, LakeTable table) throws QueryException {
    Map<LakeFile, FileFacts> facts = new LinkedHashMap<>();
    List<LakeFile> unknown =
        table.files().stream().filter(file -> !known.containsKey(file.path())).toList();
    Map<Path, FileFacts> learnt =
        unknown.isEmpty() ? Map.of() : learn(session, table.columns(), unknown);
    known.putAll(learnt);
    for (LakeFile file : table.files()) {
      FileFacts fact = learnt.get(file.path());
      fact = fact == null ? known.get(file.path()) : fact;
      if (fact == null) {
        fact =
            Objects.requireNonNull(learn(session, table.columns(), List.of(file)).get(file.path()));
      }
      facts.put(file, fact);
    }
    return new TableFacts(table, facts);
  }

  /** Forgets files that are in no table any more, now and then. */
  void keepOnly(LakeSnapshot snapshot) {
    int current = snapshot.events().files().size() + snapshot.badEvents().files().size();
    if (known.size() > 2 * current + SLACK) {
      Set<Path> paths = new HashSet<>();
      snapshot.events().files().forEach(file -> paths.add(file.path()));
      snapshot.badEvents().files().forEach(file -> paths.add(file.path()));
      known.keySet().retainAll(paths);
    }
  }

  private static Map<Path, FileFacts> learn(
      DuckSession session, List<LakeColumn> all, List<LakeFile> files) throws QueryException {
    List<LakeColumn> columns =
        all.stream()
            .filter(column -> column.name().equals("event") || column.name().equals("received_at"))
            .toList();
    Map<Path, Set<String>> events = new HashMap<>();
    Map<Path, Instant> newest = new HashMap<>();
    session.query(
        "SELECT filename, event, max(received_at) FROM "
            + ParquetSql.read(columns, files)
            + " GROUP BY ALL",
        rows -> {
          Path path = Path.of(rows.getString(1));
          String event = rows.getString(2);
          if (event != null) {
            events.computeIfAbsent(path, file -> new HashSet<>()).add(event);
          }
          if (rows.getObject(3) instanceof OffsetDateTime time) {
            newest.merge(path, time.toInstant(), (a, b) -> a.isAfter(b) ? a : b);
          }
        });
    Map<Path, FileFacts> facts = new HashMap<>();
    for (LakeFile file : files) {
      facts.put(
          file.path(),
          new FileFacts(
              events.getOrDefault(file.path(), Set.of()),
              Optional.ofNullable(newest.get(file.path()))));
    }
    return facts;
  }
}
