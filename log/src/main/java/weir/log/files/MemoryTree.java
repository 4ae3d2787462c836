package weir.log.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The names of {@link MemoryFiles}: what processes see, and what is on the disk, which differ by
 * the changes whose directories were not synced. Guarded by its owner.
 */
final class MemoryTree {
  private sealed interface Node {}

  private record Directory() implements Node {}

  private record File(MemoryFile file) implements Node {}

  /** Names that change together; no node removes the name. */
  private record Change(Map<Path, Optional<Node>> names) {
    void apply(Map<Path, Node> to) {
      names.forEach(
          (path, node) -> node.ifPresentOrElse(n -> to.put(path, n), () -> to.remove(path)));
    }
  }

  private TreeMap<Path, Node> seen = new TreeMap<>();
  private TreeMap<Path, Node> disk = new TreeMap<>();
  private final List<Change> unsynced = new ArrayList<>();

  boolean exists(Path path) {
    return seen.containsKey(path);
  }

  boolean isDirectory(Path path) {
    return path.getParent() == null || seen.get(path) instanceof Directory;
  }

  @Nullable MemoryFile file(Path path) {
    return seen.get(path) instanceof File(MemoryFile file) ? file : null;
  }

  long usedBytes() {
    long bytes = 0;
    for (Node node : seen.values()) {
      bytes += node instanceof File(MemoryFile file) ? file.size() : 0;
    }
    return bytes;
  }

  MemoryFile create(Path path) {
    Path parent = path.getParent();
    if (parent != null) {
      createDirectories(parent);
    }
    MemoryFile file = new MemoryFile();
    change(Map.of(path, Optional.of(new File(file))));
    return file;
  }

  private void createDirectories(Path path) {
    Path parent = path.getParent();
    if (parent != null && !seen.containsKey(path)) {
      createDirectories(parent);
      change(Map.of(path, Optional.of(new Directory())));
    }
  }

  List<String> list(Path directory) {
    return seen.keySet().stream()
        .filter(path -> directory.equals(path.getParent()))
        .map(path -> path.getFileName().toString())
        .sorted()
        .toList();
  }

  void rename(Path from, Path to) {
    Map<Path, Optional<Node>> names = new HashMap<>();
    names.put(to, Optional.ofNullable(seen.get(from)));
    if (!from.equals(to)) {
      names.put(from, Optional.empty());
    }
    change(names);
  }

  void delete(Path path) {
    if (seen.containsKey(path)) {
      change(Map.of(path, Optional.empty()));
    }
  }

  /** Makes the entries of one directory durable. */
  void sync(Path directory) {
    List<Change> rest = new ArrayList<>();
    for (Change change : unsynced) {
      Map<Path, Optional<Node>> here = new HashMap<>(change.names());
      here.keySet().removeIf(path -> !directory.equals(path.getParent()));
      new Change(here).apply(disk);
      Map<Path, Optional<Node>> elsewhere = new HashMap<>(change.names());
      elsewhere.keySet().removeAll(here.keySet());
      if (!elsewhere.isEmpty()) {
        rest.add(new Change(elsewhere));
      }
    }
    unsynced.clear();
    unsynced.addAll(rest);
  }

  /** Keeps any subset of the unsynced changes; what loses its directory is gone with it. */
  void crash(RandomGenerator random) {
    for (Change change : unsynced) {
      if (random.nextBoolean()) {
        change.apply(disk);
      }
    }
    unsynced.clear();
    disk.keySet().removeIf(path -> !reachable(path));
    for (Node node : disk.values()) {
      if (node instanceof File(MemoryFile file)) {
        file.crash(random);
      }
    }
    seen = new TreeMap<>(disk);
  }

  private boolean reachable(Path path) {
    for (Path up = path.getParent(); up != null && up.getParent() != null; up = up.getParent()) {
      if (!(disk.get(up) instanceof Directory)) {
        return false;
      }
    }
    return true;
  }

  private void change(Map<Path, Optional<Node>> names) {
    Change change = new Change(names);
    change.apply(seen);
    unsynced.add(change);
  }
}
