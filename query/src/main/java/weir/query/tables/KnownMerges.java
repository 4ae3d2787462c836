package weir.query.tables;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import weir.event.ProjectProperties;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.query.QueryException;
import weir.query.hottail.Generation;
import weir.query.hottail.TailTables;
import weir.query.identity.IdentityFact;
import weir.query.identity.Merges;
import weir.query.session.DuckSession;

/**
 * The merged actors of a project, kept up with what its queries see, in whichever instance.
 *
 * <p>The facts are the identify and alias events themselves, so that a query that sees such an
 * event sees its merge. What a query sees is a beginning of the raw log without gaps: facts at or
 * before the last one taken are known already. A query may find the merges of a later one; each
 * statement finds one state of them. Where events were erased, all are read anew.
 *
 * <p>Safe for use by several threads.
 */
final class KnownMerges {
  private final FileCatalog catalog;
  private Merges merges = new Merges();
  private final Set<Path> readFiles = new HashSet<>();
  private final Map<Generation, Integer> readRows = new WeakHashMap<>();
  private final NavigableMap<Long, Set<String>> changes = new TreeMap<>();
  private final Set<Long> readAnew = new HashSet<>();
  private String last = "";
  private long erased;

  /** No merges; what files hold is asked of a catalog. */
  KnownMerges(FileCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The actors of one change.
   *
   * @param persons by actor; empty for one that is a person of its own again
   * @param anew whether events were erased before
   */
  record Change(long version, Map<String, Optional<String>> persons, boolean anew) {}

  /**
   * Takes the merges that a query sees.
   *
   * @return whether any actor is merged
   */
  synchronized boolean update(
      DuckSession session,
      LakeTable events,
      List<TailTables.Slice> tail,
      ProjectProperties properties)
      throws QueryException {
    if (events.erased() < erased) {
      return !merges.all().isEmpty(); // what it sees and others do not was erased meanwhile
    }
    boolean anew = events.erased() > erased;
    Map<String, String> before = anew ? merges.all() : Map.of();
    if (anew) {
      forgetAll();
    }
    List<LakeFile> files = unread(session, events);
    List<TailTables.Slice> slices =
        tail.stream().map(this::unread).flatMap(Optional::stream).toList();
    if (!files.isEmpty() || !slices.isEmpty()) {
      TableSql table = new TableSql(events.columns(), slices);
      take(IdentityFacts.read(session, new TableRows(table, () -> files, new Scans()), properties));
    }
    note(changed(before), anew);
    erased = events.erased();
    events.files().forEach(file -> readFiles.add(file.path()));
    forgetFiles(events);
    tail.forEach(slice -> readRows.merge(slice.generation(), slice.to(), Math::max));
    return !merges.all().isEmpty();
  }

  private void forgetAll() {
    merges = new Merges();
    last = "";
    readFiles.clear();
    readRows.clear();
  }

  /** The actors whose persons have changed, also since those that are no more. */
  private Set<String> changed(Map<String, String> before) {
    Set<String> changed = new HashSet<>(merges.takeChanges());
    before.forEach((actor, person) -> {
      if (person.equals(merges.person(actor).orElse(""))) {
        changed.remove(actor);
      } else {
        changed.add(actor);
      }
    });
    return changed;
  }

  private void note(Set<String> changed, boolean anew) {
    if (!changed.isEmpty()) {
      long version = changes.isEmpty() ? 1 : changes.lastKey() + 1;
      changes.put(version, changed);
      if (anew) {
        readAnew.add(version);
      }
    }
  }

  private void forgetFiles(LakeTable events) {
    if (readFiles.size() > 2 * events.files().size()) {
      Set<Path> current = new HashSet<>();
      events.files().forEach(file -> current.add(file.path()));
      readFiles.retainAll(current);
    }
  }

  /** The files that may say something new. */
  private List<LakeFile> unread(DuckSession session, LakeTable events) throws QueryException {
    if (events.files().stream().allMatch(file -> readFiles.contains(file.path()))) {
      return List.of();
    }
    return catalog.facts(session, events).files(IdentityFacts.EVENTS).stream()
        .filter(file -> !readFiles.contains(file.path()))
        .toList();
  }

  private Optional<TailTables.Slice> unread(TailTables.Slice slice) {
    int from = Math.max(slice.from(), readRows.getOrDefault(slice.generation(), 0));
    return from >= slice.to()
        ? Optional.empty()
        : Optional.of(
            new TailTables.Slice(
                slice.generation(), slice.table(), slice.columns(), from, slice.to()));
  }

  private void take(List<IdentityFact> facts) {
    for (IdentityFact fact : facts) {
      if (fact.position().compareTo(last) > 0) {
        merges.apply(fact);
        last = fact.position();
      }
    }
  }

  /** What has changed after a version, of each actor its newest change, in order. */
  synchronized List<Change> since(long version) {
    Map<Long, Map<String, Optional<String>>> found = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    changes
        .tailMap(version, false)
        .descendingMap()
        .forEach((each, actors) -> {
          Map<String, Optional<String>> persons = new HashMap<>();
          for (String actor : actors) {
            if (seen.add(actor)) {
              persons.put(actor, merges.person(actor));
            }
          }
          found.put(each, persons);
        });
    return found.entrySet().stream()
        .map(change ->
            new Change(change.getKey(), change.getValue(), readAnew.contains(change.getKey())))
        .toList();
  }
}
