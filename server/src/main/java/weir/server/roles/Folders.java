package weir.server.roles;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.directory.TemporaryFolder;

/** Folders that a process has to itself. */
final class Folders {
  private static final Logger LOG = LoggerFactory.getLogger(Folders.class);

  private Folders() {}

  /** An empty folder in place of one with whatever is in it; some may go by itself meanwhile. */
  static Path cleared(Path folder) throws IOException {
    Files.createDirectories(folder);
    try {
      TemporaryFolder.clear(folder);
    } catch (DirectoryNotEmptyException e) {
      LOG.warn("{} is not empty yet: a process before this one is still ending", folder, e);
    }
    return folder;
  }

  /** A folder without the files that a process before this one has left; folders are others'. */
  static Path emptied(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> left = Files.list(folder)) {
      for (Path file : left.toList()) {
        if (!Files.isDirectory(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
    return folder;
  }
}
