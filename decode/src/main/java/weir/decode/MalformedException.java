package weir.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/** A body, or a line of one, that cannot be read; the message is for the client. */
final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;

  MalformedException(String problem) {
    super(problem);
    this.problem = problem;
  }

  /** What is wrong, and how to mend it. */
  String problem() {
    return problem;
  }

  static MalformedException notJson(String what, JsonProcessingException e) {
    if (e instanceof StreamConstraintsException) {
      return new MalformedException(
          what
              + " is JSON beyond what Weir reads: it may nest "
              + JsonBody.MAX_DEPTH
              + " levels deep, a name may be "
              + JsonBody.MAX_NAME
              + " characters long");
    }
    String message = e.getOriginalMessage();
    int detail = message.indexOf(" (start marker at");
    String where =
        e.getLocation() == null
            ? ""
            : " at line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr();
    return new MalformedException(
        what + " is not JSON: " + (detail < 0 ? message : message.substring(0, detail)) + where);
  }
}
