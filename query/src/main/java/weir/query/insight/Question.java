package weir.query.insight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.query.QueryException;

/** What somebody wants to know, read and checked. */
interface Question {
  /** Most persons that one answer lists. */
  int MOST_PERSONS = 100_000;

  int USUAL_PERSONS = 1_000;

  ObjectNode answer(Asking asking) throws QueryException;
}
