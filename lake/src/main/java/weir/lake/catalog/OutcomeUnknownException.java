package weir.lake.catalog;

import java.io.IOException;
import java.util.function.Supplier;

/**
 * It is not certain whether a commit was made, since its table cannot be read. Nothing that the
 * commit names may be deleted; the same commit may be tried again, and will not be made twice.
 */
public final class OutcomeUnknownException extends IOException {
  private static final long serialVersionUID = 1L;

  private OutcomeUnknownException(String table, Exception cause) {
    super("it is not known whether " + table + " was changed", cause);
  }

  /** What a table says of itself, when it is asked whether a commit was made. */
  public static <T> T read(String table, Supplier<T> reading) throws OutcomeUnknownException {
    try {
      return reading.get();
    } catch (RuntimeException e) {
      throw new OutcomeUnknownException(table, e);
    }
  }
}
