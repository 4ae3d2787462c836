package weir.lake;

/** A file that cannot become a table; the message tells its owner why. */
public final class UnreadableInputException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableInputException(String message) {
    super(message);
  }

  UnreadableInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
