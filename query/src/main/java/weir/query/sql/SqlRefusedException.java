package weir.query.sql;

import java.util.Optional;

/** A statement that will not be run, and why; certain to have had no effect. */
public final class SqlRefusedException extends Exception {
  /** Whether the statement is wrong, or right but not for users. */
  public enum Reason {
    INVALID,
    NOT_ALLOWED
  }

  private final Reason reason;
  private final transient Optional<SqlPlace> place;

  SqlRefusedException(Reason reason, String message, Optional<SqlPlace> place) {
    super(message);
    this.reason = reason;
    this.place = place;
  }

  static SqlRefusedException invalid(String message, Optional<SqlPlace> place) {
    return new SqlRefusedException(Reason.INVALID, message, place);
  }

  static SqlRefusedException notAllowed(String message, Optional<SqlPlace> place) {
    return new SqlRefusedException(Reason.NOT_ALLOWED, message, place);
  }

  public Reason reason() {
    return reason;
  }

  /** Where in the statement, if known. */
  public Optional<SqlPlace> place() {
    return place;
  }
}
