package weir.server.statements;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Why a statement has no answer of its process, as the API tells it. */
public enum StatementFailure {
  TOO_EXPENSIVE(
      400,
      "statement_too_expensive",
      "the process that ran this statement ended, most likely for the memory that the statement took;"
          + " let it make less at once: fewer rows, shorter texts and lists"),
  LOST(
      503,
      "query_lost",
      "the process ended while it answered, for this or another statement of this project; it starts"
          + " again"),
  UNAVAILABLE(503, "query_unavailable", "the query process is restarting; try again");

  private final int status;
  private final String code;
  private final String message;

  StatementFailure(int status, String code, String message) {
    this.status = status;
    this.code = code;
    this.message = message;
  }

  /** What a fate that ends a statement's tries means. */
  public static StatementFailure of(Statements.Fate fate) {
    return switch (fate) {
      case TOO_EXPENSIVE, ONCE_MORE -> TOO_EXPENSIVE;
      case AGAIN, LOST -> LOST;
    };
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String message() {
    return message;
  }

  /** The body of the answer. */
  public String json() {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return nodes
        .objectNode()
        .set("error", nodes.objectNode().put("code", code).put("message", message))
        .toString();
  }
}
