package weir.server.roles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Folders that a process has to itself. */
final class Folders {
  private Folders() {}

  /** An empty folder in place of what a process before this one has left. */
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
