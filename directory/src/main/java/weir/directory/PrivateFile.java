package weir.directory;

import java.io.IOException;
import java.nio.file.Path;
import weir.log.files.Files;
import weir.log.files.Publication;

/** Small files that only their owner may read. */
public final class PrivateFile {
  private PrivateFile() {}

  /**
   * Puts a file in place whole and durably, with mode 0600: whoever opens the name reads either
   * what was there before or all of this.
   */
  public static void publish(Path file, byte[] content) throws IOException {
    Publication.publish(Files.ownerOnly(), file, content);
  }
}
