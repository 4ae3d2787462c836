package weir.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A statement to run.
 *
 * @param project whose tables it sees
 * @param sql as the user wrote it, unchecked
 * @param parameters values for {@code ?}, each a Boolean, Long, Double, BigDecimal, String or null
 * @param postgres whether it may name the catalog and functions of PostgreSQL too
 */
public record Query(
    String project, String sql, List<@Nullable Object> parameters, boolean postgres) {
  /** A statement without PostgreSQL's catalog. */
  public Query(String project, String sql, List<@Nullable Object> parameters) {
    this(project, sql, parameters, false);
  }

  public Query {
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(sql, "sql");
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }
}
