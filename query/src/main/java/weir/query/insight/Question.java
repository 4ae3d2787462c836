package weir.query.insight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.query.QueryException;

/** What somebody wants to know, read and checked. */
interface Question {
  /** How many persons are to be listed, as the field {@code limit} says. */
  static int personLimit(RequestFields fields) throws QueryException {
    return fields.number("limit", 1_000, 1, 100_000);
  }

  ObjectNode answer(Asking asking) throws QueryException;
}
