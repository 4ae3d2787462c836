package weir.query;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.query.sql.SqlPlace;

/** A query that has no answer. */
public final class QueryException extends Exception {
  private final QueryError error;
  private final transient Optional<SqlPlace> place;

  public QueryException(QueryError error, String message) {
    this(error, message, Optional.empty(), null);
  }

  public QueryException(QueryError error, String message, Throwable cause) {
    this(error, message, Optional.empty(), cause);
  }

  public QueryException(
      QueryError error, String message, Optional<SqlPlace> place, @Nullable Throwable cause) {
    super(message, cause);
    this.error = error;
    this.place = place;
  }

  public QueryError error() {
    return error;
  }

  /** Where in the statement, if known. */
  public Optional<SqlPlace> place() {
    return place;
  }
}
