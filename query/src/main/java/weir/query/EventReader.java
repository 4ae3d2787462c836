package weir.query;

/** Reads the events of a project part by part, for those who keep what they have read. */
public interface EventReader {
  /**
   * What there is of a project now. Must be called on a thread of the engine's, which the view is
   * then used on.
   *
   * @return a view that the caller closes
   */
  EventView view(String project, Deadline deadline) throws QueryException;
}
