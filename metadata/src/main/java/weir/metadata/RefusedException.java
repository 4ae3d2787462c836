package weir.metadata;

/** A change that cannot be, and why. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What stands in the way. */
  public enum Reason {
    /** There is no such project, key or place in a list. */
    UNKNOWN,
    /** The project's name is taken. */
    TAKEN,
    /** It is of write keys alone. */
    NO_WRITE_KEY,
    /** API keys are limited by the property. */
    LIMITS_KEYS,
    /** There are as many as there may be. */
    TOO_MANY,
    /** Nobody could administer this installation afterwards. */
    LAST_KEY
  }

  private final Reason reason;
  private final String why;

  RefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.why = message;
  }

  /** There is none of this. */
  public static RefusedException unknown(String message) {
    return new RefusedException(Reason.UNKNOWN, message);
  }

  public Reason reason() {
    return reason;
  }

  /** In words. */
  public String why() {
    return why;
  }
}
