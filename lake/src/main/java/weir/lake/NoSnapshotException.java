package weir.lake;

/** There is no such earlier state, or not any more; the message says which there are. */
public final class NoSnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  public NoSnapshotException(String message) {
    super(message);
  }
}
