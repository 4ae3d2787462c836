package weir.lake;

import java.io.IOException;

/** It is not certain whether a commit was made, since its table cannot be read. */
final class OutcomeUnknownException extends IOException {
  private static final long serialVersionUID = 1L;

  OutcomeUnknownException(String table, Exception cause) {
    super("it is not known whether " + table + " was changed", cause);
  }
}
