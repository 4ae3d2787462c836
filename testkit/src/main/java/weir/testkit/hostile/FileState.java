package weir.testkit.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Tells whether a statement has written to a file. */
public final class FileState {
  private FileState() {}

  /** Another one once a file was written to; all folders have the same. */
  public static String of(Path file) {
    try {
      return Files.isDirectory(file)
          ? "folder"
          : Files.getLastModifiedTime(file) + " " + Arrays.hashCode(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
