package weir.query;

import java.util.Locale;

/** Why a query has no answer; the code and HTTP status of an error. */
public enum QueryError {
  INVALID_REQUEST(400),
  INVALID_SQL(400),
  /** The statement needs more memory than queries may have. */
  OUT_OF_MEMORY(400),
  /** An asynchronous result, or one in Parquet, is larger than what is kept. */
  RESULT_TOO_LARGE(400),
  /** The statement could be stopped by ending its process alone. */
  STATEMENT_TOO_EXPENSIVE(400),
  UNAUTHORIZED(401),
  NOT_ALLOWED(403),
  NOT_FOUND(404),
  /** There is no snapshot of this name, or none that is as old as this. */
  NO_SNAPSHOT(404),
  METHOD_NOT_ALLOWED(405),
  /** A query of this id is there already. */
  QUERY_EXISTS(409),
  QUERY_CANCELLED(409),
  REQUEST_TOO_LARGE(413),
  TOO_MANY_QUERIES(429),
  INTERNAL(500),
  /** The process ended because of another statement. */
  QUERY_LOST(503),
  UNAVAILABLE(503),
  QUERY_TIMEOUT(504);

  private final int status;

  QueryError(int status) {
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The stable code in lower snake case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
