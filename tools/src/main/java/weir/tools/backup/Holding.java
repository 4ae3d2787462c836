package weir.tools.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import weir.log.embedded.LogCopy;

/**
 * A folder in the data directory that holds files by second names, so that nobody's deletion takes
 * them away before they are copied. Costs no space but for the databases. Deleted when closed; what
 * a killed backup left is deleted by the next.
 */
final class Holding implements AutoCloseable {
  private final Path folder;
  private final List<BackupItem> items = new ArrayList<>();

  Holding(Path folder) throws IOException {
    this.folder = folder;
    delete();
    Files.createDirectories(folder);
  }

  /** Where a file of the backup has its second name. */
  Path place(String name) throws IOException {
    Path place = folder.resolve(name);
    Files.createDirectories(place.resolveSibling("."));
    return place;
  }

  /** Holds a file that is never changed, only deleted. */
  void hold(String name, Path file) throws IOException {
    Path place = place(name);
    Files.createLink(place, file);
    addPlaced(name);
  }

  boolean holds(String name) {
    return items.stream().anyMatch(item -> item.name().equals(name));
  }

  /** Takes what was put at its place. */
  void addPlaced(String name) throws IOException {
    Path place = folder.resolve(name);
    items.add(new BackupItem(name, place, Files.size(place)));
  }

  void addParts(String prefix, List<LogCopy.Part> parts) {
    parts.forEach(
        part -> items.add(new BackupItem(prefix + "/" + part.name(), part.source(), part.bytes())));
  }

  /** Lets go of all whose names begin so. */
  void forget(String prefix) throws IOException {
    items.removeIf(item -> item.name().startsWith(prefix));
    deleteTree(folder.resolve(prefix));
  }

  List<BackupItem> items() {
    return List.copyOf(items);
  }

  @Override
  public void close() throws IOException {
    delete();
  }

  private void delete() throws IOException {
    deleteTree(folder);
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = new ArrayList<>(walk.toList());
    }
    for (Path path : paths.reversed()) {
      Files.delete(path);
    }
  }
}
