package weir.lake.catalog;

import java.io.IOException;

/** It is not certain whether a commit was made, since its table cannot be read. */
public final class OutcomeUnknownException extends IOException {
  private static final long serialVersionUID = 1L;

  public OutcomeUnknownException(String table, Exception cause) {
    super("it is not known whether " + table + " was changed", cause);
  }
}
