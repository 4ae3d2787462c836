package weir.lake.stored;

import org.jspecify.annotations.Nullable;

/** A file that cannot become a table; the message tells its owner why. */
public final class UnreadableInputException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why a file was refused. */
  public enum Reason {
    /** It is not what it should be. */
    INVALID,
    TOO_MANY_ROWS,
    TOO_LARGE,
    TOO_SLOW,
    CANCELLED
  }

  UnreadableInputException(String message) {
    this(Reason.INVALID, message);
  }

  public UnreadableInputException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  UnreadableInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = Reason.INVALID;
  }

  public Reason reason() {
    return reason;
  }
}
