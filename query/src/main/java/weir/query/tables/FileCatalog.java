package weir.query.tables;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.EpochMicros;
import weir.event.ProjectProperties;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.sidecar.Sidecar;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;

/**
 * Remembers what the files of a project's tables hold, and tells what its properties are. Files
 * never change, so each is asked once, together with the others that are new. Safe for use by
 * several threads.
 */
public final class FileCatalog {
  private static final int SLACK = 64;

  private static final Logger LOG = LoggerFactory.getLogger(FileCatalog.class);

  private final Map<Path, FileFacts> known = new ConcurrentHashMap<>();
  private final Map<String, String> names = new ConcurrentHashMap<>();
  private final Map<BitSet, Set<Integer>> columnSets = new ConcurrentHashMap<>();
  private final PropertyReading properties;

  /** Reads what is known of the project's properties now. */
  public interface PropertyReading {
    ProjectProperties read() throws IOException;
  }

  FileCatalog(PropertyReading properties) {
    this.properties = properties;
  }

  /**
   * What is known of the project's properties by now: to be asked for after tail and snapshot are
   * pinned.
   */
  public ProjectProperties properties() throws QueryException {
    try {
      return properties.read();
    } catch (IOException e) {
      throw new QueryException(
          QueryError.UNAVAILABLE, "what is known of properties cannot be read now", e);
    }
  }

  private volatile @Nullable Long hashCheck;

  /** The sidecar of a file, if there is a good one that was made by such an engine. */
  public Optional<Sidecar> sidecar(DuckSession session, LakeFile file) throws QueryException {
    try {
      Sidecar sidecar = Sidecar.open(file);
      return sidecar.hashCheck() == hashCheck(session) ? Optional.of(sidecar) : Optional.empty();
    } catch (NoSuchFileException | Sidecar.OtherVersionException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("A sidecar is not used: {}", e.toString());
      return Optional.empty();
    }
  }

  private long hashCheck(DuckSession session) throws QueryException {
    Long checked = hashCheck;
    if (checked == null) {
      long[] found = new long[1];
      session.query("SELECT " + Sidecar.HASH_CHECK, rows -> found[0] = rows.getLong(1));
      checked = found[0];
      hashCheck = checked;
    }
    return checked;
  }

  /** What the files of a table hold; asks those that are new. */
  public TableFacts facts(DuckSession session, LakeTable table) throws QueryException {
    Map<LakeFile, FileFacts> facts = new LinkedHashMap<>();
    List<LakeFile> unknown =
        table.files().stream().filter(file -> !known.containsKey(file.path())).toList();
    Map<Path, FileFacts> learnt = learn(session, table, unknown);
    known.putAll(learnt);
    for (LakeFile file : table.files()) {
      FileFacts fact = learnt.get(file.path());
      fact = fact == null ? known.get(file.path()) : fact;
      if (fact == null) {
        fact = Objects.requireNonNull(learn(session, table, List.of(file)).get(file.path()));
      }
      facts.put(file, fact);
    }
    return new TableFacts(table, facts);
  }

  /** Forgets files that are in no table any more, now and then. */
  public void keepOnly(LakeSnapshot snapshot) {
    int current = snapshot.events().files().size() + snapshot.badEvents().files().size();
    if (known.size() > 2 * current + SLACK) {
      Set<Path> paths = new HashSet<>();
      snapshot.events().files().forEach(file -> paths.add(file.path()));
      snapshot.badEvents().files().forEach(file -> paths.add(file.path()));
      known.keySet().retainAll(paths);
      names.clear();
      columnSets.clear();
    }
  }

  /** From sidecars, where there are some. */
  private Map<Path, FileFacts> learn(DuckSession session, LakeTable table, List<LakeFile> files)
      throws QueryException {
    Map<Path, FileFacts> facts = new HashMap<>();
    List<LakeFile> others = new ArrayList<>();
    for (LakeFile file : files) {
      Optional<Sidecar> sidecar = sidecar(session, file);
      if (sidecar.isPresent()) {
        facts.put(file.path(), facts(sidecar.get()));
      } else {
        others.add(file);
      }
    }
    if (!others.isEmpty()) {
      facts.putAll(learn(session, table.columns(), others));
    }
    return facts;
  }

  /** What files have in common is held once: many have the same events with the same columns. */
  private FileFacts facts(Sidecar sidecar) {
    OptionalLong newest = sidecar.newest();
    Map<String, Set<Integer>> columns = new HashMap<>();
    sidecar
        .columns()
        .forEach((event, ids) ->
            columns.put(
                names.computeIfAbsent(event, name -> name),
                columnSets.computeIfAbsent(
                    ids, set -> set.stream().boxed().collect(Collectors.toUnmodifiableSet()))));
    return FileFacts.withProperties(
        columns,
        newest.isPresent()
            ? Optional.of(EpochMicros.instant(newest.getAsLong()))
            : Optional.empty());
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
