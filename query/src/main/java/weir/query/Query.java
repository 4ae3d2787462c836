package weir.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A statement to run.
 *
 * @param access what it may see
 * @param sql as the user wrote it, unchecked
 * @param parameters values for {@code ?}, each a Boolean, Long, Double, BigDecimal, String or null
 * @param postgres whether it may name the catalog and functions of PostgreSQL too
 */
public record Query(
    Access access, String sql, List<@Nullable Object> parameters, boolean postgres) {
  /** A statement without PostgreSQL's catalog. */
  public Query(Access access, String sql, List<@Nullable Object> parameters) {
    this(access, sql, parameters, false);
  }

  public Query {
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(sql, "sql");
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }

  /** Whose tables it sees. */
  public String project() {
    return access.project();
  }
}
