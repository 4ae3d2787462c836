package weir.query.hottail;

/** Where queries find the rows that the lake lacks. Safe for use by several threads. */
@FunctionalInterface
public interface TailSource {
  /** For a lake that is all there is. */
  TailSource NONE = project -> TailPin.EMPTY;

  /**
   * What the project's tail holds now.
   *
   * <p>Taken before the lake's snapshot, it holds every row that the snapshot lacks and that was
   * read so far, since rows are dropped only when the lake has them.
   */
  TailPin pin(String project);
}
