package weir.server.postgres;

import java.util.OptionalInt;

/** What a client is told in an ErrorResponse. */
final class PostgresException extends Exception {
  private final String state;
  private final transient OptionalInt position;

  PostgresException(String state, String message) {
    this(state, message, OptionalInt.empty());
  }

  /**
   * An error.
   *
   * @param state SQLSTATE
   * @param position in the statement, in characters from 1
   */
  PostgresException(String state, String message, OptionalInt position) {
    super(message);
    this.state = state;
    this.position = position;
  }

  static PostgresException protocol(String message) {
    return new PostgresException("08P01", message);
  }

  String state() {
    return state;
  }

  OptionalInt position() {
    return position;
  }

  /** The same, of a statement that begins so many characters further on. */
  PostgresException shifted(int characters) {
    return position.isEmpty()
        ? this
        : new PostgresException(
            state, String.valueOf(getMessage()), OptionalInt.of(position.getAsInt() + characters));
  }
}
