package weir.query.kept;

/** Says that something takes more memory than may be kept. */
public final class TooLargeException extends RuntimeException {
  public TooLargeException() {
    super("more than may be kept", null, false, false);
  }
}
