package weir.testkit.powercut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * The disk at any step of a recording, and what a power cut there may leave of it.
 *
 * <p>As strict as POSIX lets a disk be: an fsync of a file keeps its bytes and size and nothing
 * else; an entry of a directory is kept by an fsync of the directory alone; a rename is atomic;
 * whatever is not synced may be there or not, in any order, data by page or sector, and a file may
 * have grown without its data. Sectors of 512 bytes are written as a whole. Entries that hold no
 * content of their own, SQLite's shared memory ({@code *-shm}), are never kept.
 */
public final class DiskModel {
  private record Event(long step, boolean end, Operation operation) {}

  private final List<Event> events = new ArrayList<>();
  private final Predicate<String> ignoredSyncs;
  private final Map<Integer, FileImage> files = new HashMap<>();
  private final Set<Integer> directories = new HashSet<>(Set.of(Recording.ROOT));
  private final Entries entries = new Entries();
  private int next;

  /** A disk on which every fsync works. */
  public DiskModel(Recording recording) {
    this(recording, path -> false);
  }

  /**
   * @param ignoredSyncs paths below the root whose fsync does nothing, as if the program had
   *     forgotten it; "" is the root
   */
  public DiskModel(Recording recording, Predicate<String> ignoredSyncs) {
    this.ignoredSyncs = ignoredSyncs;
    for (Operation operation : recording.operations()) {
      events.add(new Event(operation.started(), false, operation));
      events.add(new Event(operation.completed(), true, operation));
    }
    events.sort(Comparator.comparingLong(Event::step));
  }

  /** Runs on to a step; never backwards. */
  public void advanceTo(long step) {
    for (; next < events.size() && events.get(next).step() <= step; next++) {
      Event event = events.get(next);
      if (event.end()) {
        completed(event.operation());
      } else {
        started(event.operation());
      }
    }
  }

  private void started(Operation operation) {
    switch (operation) {
      case Operation.Data change -> file(change.file()).add(change);
      case Operation.Entry change -> {
        if (change instanceof Operation.Create create && create.isDirectory()) {
          directories.add(create.node());
        }
        entries.add(change);
      }
      case Operation.Sync _, Operation.Mark _ -> {}
    }
  }

  private void completed(Operation operation) {
    if (!(operation instanceof Operation.Sync sync) || ignoredSyncs.test(sync.path())) {
      return;
    }
    if (sync.node() == Recording.EVERYTHING) {
      entries.sync(sync.node(), sync.started());
      files.values().forEach(file -> file.makeDurable(file.completedBy(sync.started())));
    } else if (directories.contains(sync.node())) {
      entries.sync(sync.node(), sync.started());
    } else {
      FileImage file = file(sync.node());
      file.makeDurable(file.completedBy(sync.started()));
    }
  }

  private FileImage file(int node) {
    return files.computeIfAbsent(node, id -> new FileImage());
  }

  /**
   * Writes what a power cut at the present step may leave.
   *
   * @param seed chooses among the possibilities; the same seed, the same tree
   * @param into a directory that is empty or does not exist
   */
  public void cut(long seed, Path into) throws IOException {
    Map<Integer, Map<String, Integer>> tree = entries.cut(new SplittableRandom(seed));
    write(tree, Recording.ROOT, seed, into);
  }

  private void write(Map<Integer, Map<String, Integer>> tree, int directory, long seed, Path into)
      throws IOException {
    Files.createDirectories(into);
    for (Map.Entry<String, Integer> entry : tree.getOrDefault(directory, Map.of()).entrySet()) {
      int node = entry.getValue();
      Path path = into.resolve(entry.getKey());
      if (directories.contains(node)) {
        write(tree, node, seed, path);
      } else if (!entry.getKey().endsWith("-shm")) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + node);
        Files.write(path, file(node).cut(random));
      }
    }
  }
}
