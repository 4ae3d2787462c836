package weir.log.files;

import java.io.IOException;
import java.nio.file.Path;

/** A further ability of {@link Files}: knowing how much room there is. */
public interface FreeSpace {
  /** How many bytes may still be written below a directory that exists. Cheap. */
  long usableBytes(Path directory) throws IOException;
}
