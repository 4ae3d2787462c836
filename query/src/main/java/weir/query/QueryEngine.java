package weir.query;

/**
 * Runs users' statements over the tables of one project each.
 *
 * <p>A statement is checked before it runs: one SELECT over the project's tables, with functions
 * that are known to be safe. It sees each table as one commit left it when the query began; that
 * the table grows or is compacted meanwhile changes nothing. Safe for use by several threads.
 */
public interface QueryEngine {
  /**
   * Starts a query.
   *
   * <p>Must be called on a thread of {@link #thread}, which the rows are then read on. When the
   * deadline ends, the query is interrupted: the call, or reading the rows, throws soon.
   *
   * @return rows that the caller closes
   * @throws QueryException if the statement is refused or wrong ({@code INVALID_SQL} with its
   *     place, {@code NOT_ALLOWED}), or the deadline ended it; nothing remains of it
   */
  QueryRows run(Query query, Deadline deadline) throws QueryException;

  /** A thread, not started, that statements may be run on. */
  Thread thread(Runnable task, String name);

  /** The SQL dialect that it speaks, in lower case. */
  String dialect();
}
