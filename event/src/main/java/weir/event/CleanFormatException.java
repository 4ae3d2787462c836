package weir.event;

import org.jspecify.annotations.Nullable;

/** Bytes that are no clean-log record of a schema that this version knows. */
public final class CleanFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CleanFormatException(String message) {
    super(message);
  }

  public CleanFormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
