package weir.query.kept;

import java.util.List;

/**
 * A stream at one version, and what is still known of earlier ones. Never changed.
 *
 * @param stream the same for all versions of one stream
 * @param forgotten versions before this one cannot be told any more
 */
record StreamView(
    Object stream,
    ValueNames names,
    long version,
    long forgotten,
    List<Level> levels,
    Lives lives) {
  /** What is left to tell versions apart. */
  StreamView withoutRows() {
    return new StreamView(stream, names, version, forgotten, List.of(), lives);
  }

  long rows() {
    return levels.stream().mapToLong(Level::rows).sum();
  }

  /** Whether an earlier version can still be told. */
  boolean knows(long earlier) {
    return earlier >= forgotten && earlier <= version;
  }
}
