package weir.decode;

/** An event that the door let in and that cannot be built. */
final class UnusableEventException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient SegmentDoor.Fault fault;

  UnusableEventException(String reason, String message) {
    super(message);
    this.fault = new SegmentDoor.Fault(reason, message);
  }

  /** Why, for the client. */
  SegmentDoor.Fault fault() {
    return fault;
  }
}
