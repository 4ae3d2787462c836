package weir.testkit.powercut;

/**
 * What a process did to the disk. Nodes are numbers of files and directories that stay the same
 * through renames; {@link Recording#ROOT} is the root directory.
 *
 * <p>Steps are points of the trace. An operation may reach the disk from {@link #started()} on; it
 * was done for certain, as far as the page cache goes, at {@link #completed()}.
 */
public sealed interface Operation {
  long started();

  long completed();

  /** A change of a file's bytes or size. */
  sealed interface Data extends Operation {
    int file();
  }

  /** A change of directory entries. */
  sealed interface Entry extends Operation {
    /** The directory whose fsync makes this durable. */
    int directory();
  }

  record Write(long started, long completed, int file, long offset, byte[] data) implements Data {}

  record Truncate(long started, long completed, int file, long size) implements Data {}

  /** A new name, for a new file, a new directory, or by link. */
  record Create(
      long started, long completed, int directory, String name, int node, boolean isDirectory)
      implements Entry {}

  record Remove(long started, long completed, int directory, String name, int node)
      implements Entry {}

  /**
   * Atomic: after a cut the node has the old name or the new one; durable when the directory of the
   * new name is synced.
   */
  record Rename(
      long started,
      long completed,
      int fromDirectory,
      String from,
      int directory,
      String name,
      int node)
      implements Entry {}

  /**
   * Covers what completed before it started; counts when it completed.
   *
   * @param node a file or a directory, or {@link Recording#EVERYTHING}
   * @param path the node's path below the root when it was synced
   */
  record Sync(long started, long completed, int node, String path) implements Operation {}

  /** A line that a traced process appended to the marks file, outside of the root. */
  record Mark(long started, long completed, String text) implements Operation {}
}
