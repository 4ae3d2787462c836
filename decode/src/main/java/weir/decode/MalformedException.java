package weir.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.util.List;

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
    int detail = end(message);
    String where =
        e.getLocation() == null
            ? ""
            : " at line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr();
    return new MalformedException(what + " is not JSON: " + message.substring(0, detail) + where);
  }

  /** Where the parser's advice to programmers begins. */
  private static int end(String message) {
    for (String detail : List.of(" (start marker at", ": enable JsonReadFeature", ": enable `")) {
      int at = message.indexOf(detail);
      if (at >= 0) {
        return at;
      }
    }
    return message.length();
  }
}
