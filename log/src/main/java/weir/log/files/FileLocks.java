package weir.log.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A further ability of {@link Files}: locks that end with the process that holds them. */
public interface FileLocks {
  /**
   * Takes an exclusive lock on a file, which is created, with its parent directories, if missing.
   * Closing the answer gives the lock back; so does the end of the process, however it ends.
   *
   * @return empty if somebody holds it, in this process or another
   */
  Optional<Closeable> tryLock(Path file) throws IOException;
}
