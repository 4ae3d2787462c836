package weir.query.tables;

import weir.query.QueryException;

/** The merged actors, as far as one statement sees their merges. */
public interface Identities {
  /**
   * Takes the merges that the statement sees.
   *
   * @return whether any actor is merged
   */
  boolean update() throws QueryException;

  /** The table as SQL, with actor and person_id of the merged actors; there after an update. */
  String table();

  /** SQL for rows with person_id. */
  default String withPersons(String rows) throws QueryException {
    return withPersons(rows, update());
  }

  /**
   * As {@link #withPersons(String)}.
   *
   * @param rows SQL for rows with an actor
   */
  default String withPersons(String rows, boolean merged) {
    return merged
        ? "SELECT e.*, coalesce(i.person_id, e.actor) AS person_id FROM ("
            + rows
            + ") e LEFT JOIN "
            + table()
            + " i ON e.actor = i.actor"
        : "SELECT *, actor AS person_id FROM (" + rows + ")";
  }
}
