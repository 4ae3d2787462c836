package weir.directory;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder that one process has for as long as it lives. */
public final class TemporaryFolder {
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);

  private TemporaryFolder() {}

  /** Deletes it with whatever is in it; what cannot be deleted stays until the next start. */
  public static void delete(Path folder) {
    try {
      clear(folder);
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.warn("{} stays until the next start", folder, e);
    }
  }

  /**
   * Deletes whatever is in it, and leaves it empty. Some may go by itself meanwhile; links are
   * deleted, not followed.
   *
   * @throws IOException at the first that cannot be deleted, such as a folder that somebody still
   *     writes to
   */
  public static void clear(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
            if (why instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw why;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException why)
              throws IOException {
            if (!directory.equals(folder)) {
              Files.deleteIfExists(directory);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
