package weir.query.duckdb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.StoredTable;
import weir.query.hottail.TailPin;

/**
 * What an instance may open beside its own folder to spill to.
 *
 * @param folders with all that they hold
 * @param files these alone
 * @param snapshot whose files they are; null if of none
 * @param stored names of the tables that users store whose files they are too
 */
record Reach(
    List<Path> folders, Set<Path> files, @Nullable LakeSnapshot snapshot, Set<String> stored) {
  /** Of one that can open nothing. */
  static final Reach NOTHING = new Reach(List.of(), Set.of(), null, Set.of());

  Reach {
    folders = List.copyOf(folders);
    files = Set.copyOf(files);
    stored = Set.copyOf(stored);
  }

  static Reach folder(Path folder) {
    return new Reach(List.of(folder), Set.of(), null, Set.of());
  }

  /** The files of a snapshot, and of some of the tables that users store. */
  static Reach of(LakeSnapshot snapshot, Collection<StoredTable> stored) {
    Set<Path> files = new HashSet<>();
    add(files, snapshot.events().files());
    add(files, snapshot.badEvents().files());
    Set<String> names = new HashSet<>();
    for (StoredTable table : stored) {
      names.add(table.name());
      add(files, table.files());
    }
    return new Reach(List.of(), files, snapshot, names);
  }

  private static void add(Set<Path> paths, List<LakeFile> files) {
    files.forEach(file -> paths.add(file.path()));
  }

  /** As this, and one file more. */
  Reach and(Path file) {
    Set<Path> more = new HashSet<>(files);
    more.add(file);
    return new Reach(folders, more, snapshot, stored);
  }

  /** Whether it is of the same state of the lake, and has the files of some stored tables. */
  boolean serves(LakeSnapshot other, Collection<StoredTable> named) {
    return snapshot != null
        && same(snapshot.events(), other.events())
        && same(snapshot.badEvents(), other.badEvents())
        && hasFiles(named);
  }

  /**
   * Whether it has the files of some stored tables, and those of a state before another one that
   * has no more rows than this one and a tail together.
   */
  boolean servesBefore(LakeSnapshot newer, Collection<StoredTable> named, TailPin pin) {
    return snapshot != null
        && pin.spans(snapshot, newer)
        && snapshot.events().isOnlyAddedToBy(newer.events())
        && snapshot.badEvents().isOnlyAddedToBy(newer.badEvents())
        && hasFiles(named);
  }

  private boolean hasFiles(Collection<StoredTable> named) {
    return named.stream()
        .flatMap(table -> table.files().stream())
        .allMatch(file -> files.contains(file.path()));
  }

  /** What a statement sees here while another state is the newest. */
  LakeSnapshot seen(LakeSnapshot newest) {
    return snapshot == null || serves(newest, List.of())
        ? newest
        : new LakeSnapshot(
            newest.project(), snapshot.events(), snapshot.badEvents(), newest.stored());
  }

  private static boolean same(LakeTable one, LakeTable other) {
    return one == other || one.files().equals(other.files());
  }

  /** Folders as the engine's list of texts. */
  String folderList() {
    return list(folders);
  }

  /** Files as the engine's list of texts. */
  String fileList() {
    return list(files);
  }

  private static String list(Collection<Path> paths) {
    List<String> texts = new ArrayList<>();
    for (Path path : paths) {
      texts.add("'" + path.toString().replace("\\", "\\\\").replace("'", "\\'") + "'");
    }
    return "[" + String.join(",", texts) + "]";
  }
}
