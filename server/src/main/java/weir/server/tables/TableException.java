package weir.server.tables;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** A request that cannot be done as it is, with the answer that says why. */
public final class TableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String json;

  private TableException(int status, String message, String json) {
    super(message);
    this.status = status;
    this.json = json;
  }

  /** With an answer of our own. */
  public static TableException of(int status, String code, String message) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    String json =
        nodes
            .objectNode()
            .set("error", nodes.objectNode().put("code", code).put("message", message))
            .toString();
    return new TableException(status, message, json);
  }

  /** With an answer of the query process, passed on. */
  static TableException passed(int status, String json) {
    return new TableException(status, json, json);
  }

  public int status() {
    return status;
  }

  /** The body of the answer. */
  public String json() {
    return json;
  }
}
