package weir.delivery;

/** What is wanted of a delivery cannot be, and why. */
public final class DeliveryException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What stands in the way. */
  public enum Reason {
    /** It is not understood, or nothing may be delivered there. */
    INVALID,
    /** There is none of this name. */
    UNKNOWN,
    /** There is one of this name. */
    TAKEN,
    /** There are as many as may be. */
    TOO_MANY
  }

  private final Reason reason;
  private final String why;

  DeliveryException(Reason reason, String why) {
    super(why);
    this.reason = reason;
    this.why = why;
  }

  static DeliveryException unknown(String name) {
    return new DeliveryException(Reason.UNKNOWN, "there is no delivery '" + name + "'");
  }

  public Reason reason() {
    return reason;
  }

  /** In words. */
  public String why() {
    return why;
  }
}
