package weir.log.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file operations that durability rests on: the seam at which a test cuts the power.
 *
 * <p>Neither a file's bytes nor a directory's entries are durable before they are synced.
 */
public interface Files {
  /**
   * Creates a file for reading and writing, and its missing parent directories.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one already
   */
  FileHandle create(Path file) throws IOException;

  /**
   * Opens a file for reading and writing.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  FileHandle open(Path file) throws IOException;

  /** The names in a directory, sorted; none if the directory is missing. */
  List<String> list(Path directory) throws IOException;

  /**
   * Renames atomically, replacing what bears the name. Durable once both directories are synced.
   */
  void rename(Path from, Path to) throws IOException;

  /** Deletes a file; no error if there is none. */
  void delete(Path file) throws IOException;

  /** Makes a file's bytes, or a directory's entries, durable. A failure is never to be retried. */
  void sync(Path fileOrDirectory) throws IOException;

  /** The files of the machine. */
  static Files system() {
    return SystemFiles.INSTANCE;
  }

  /** The files of the machine; those that are created are their owner's alone from the start. */
  static Files ownerOnly() {
    return SystemFiles.OWNER_ONLY;
  }

  /** The files of the machine, opened for reading; whatever would change one throws. */
  static Files readOnly() {
    return ReadOnlyFiles.INSTANCE;
  }
}
