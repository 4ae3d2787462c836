package weir.lake.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import weir.log.files.Files;

/**
 * Makes the names of new files durable, and those of the folders that lead to them: a synced file
 * in a folder whose own name was never synced is gone after a power cut.
 *
 * <p>A folder may have been made by a process that died before syncing it; therefore each one is
 * synced once per process, not only when it is new.
 */
public final class SyncedFolders {
  private final Files files;
  private final Path root;
  private final Set<Path> anchored = ConcurrentHashMap.newKeySet();

  /**
   * @param root the folder whose own name is durable
   */
  public SyncedFolders(Files files, Path root) {
    this.files = files;
    this.root = root;
  }

  /** Syncs the folders of files that were created, up to the root. */
  public void sync(Collection<Path> created) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (Path file : created) {
      folders.add(folderOf(file));
    }
    Set<Path> above = new LinkedHashSet<>();
    Set<Path> named = new LinkedHashSet<>();
    for (Path folder : folders) {
      for (Path at = folder; at.startsWith(root) && !at.equals(root); at = folderOf(at)) {
        if (!anchored.contains(at) && named.add(at)) {
          above.add(folderOf(at));
        }
      }
    }
    folders.addAll(above);
    for (Path folder : folders) {
      files.sync(folder);
    }
    anchored.addAll(named);
  }

  private static Path folderOf(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no folder holds " + path);
    }
    return parent;
  }
}
