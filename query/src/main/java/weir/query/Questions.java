package weir.query;

/** Answers questions about behaviour that are no SQL. Safe for use by several threads. */
public interface Questions {
  /** None are known. */
  Questions NONE =
      (kind, access, body, deadline) -> {
        throw new QueryException(QueryError.NOT_FOUND, "there are no questions named " + kind);
      };

  /**
   * Answers one. Called on a thread of the engine's.
   *
   * @param kind such as funnel
   * @param body JSON, unchecked
   * @return JSON
   * @throws QueryException {@code NOT_FOUND} if there is no such kind, {@code INVALID_REQUEST} if
   *     the body cannot be understood, and all that a query may fail with
   */
  byte[] answer(String kind, Access access, byte[] body, Deadline deadline) throws QueryException;
}
