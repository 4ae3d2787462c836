package weir.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.lake.AsOf;

/**
 * A statement to run.
 *
 * @param access what it may see
 * @param sql as the user wrote it, unchecked
 * @param parameters values for {@code ?}, each a Boolean, Long, Double, BigDecimal, String or null
 * @param postgres whether it may name the catalog and functions of PostgreSQL too
 * @param asOf the earlier state that it sees; empty for the newest
 * @param settings what a client of PostgreSQL has set in its session, by names in lower case
 */
public record Query(
    Access access,
    String sql,
    List<@Nullable Object> parameters,
    boolean postgres,
    Optional<AsOf> asOf,
    Map<String, String> settings) {
  /** A statement without PostgreSQL's catalog. */
  public Query(Access access, String sql, List<@Nullable Object> parameters) {
    this(access, sql, parameters, false);
  }

  /** A statement that sees the newest rows. */
  public Query(Access access, String sql, List<@Nullable Object> parameters, boolean postgres) {
    this(access, sql, parameters, postgres, Optional.empty(), Map.of());
  }

  /** A statement without PostgreSQL's catalog that sees an earlier state. */
  public Query(Access access, String sql, List<@Nullable Object> parameters, Optional<AsOf> asOf) {
    this(access, sql, parameters, false, asOf, Map.of());
  }

  public Query {
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(sql, "sql");
    Objects.requireNonNull(asOf, "asOf");
    settings = Map.copyOf(settings);
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }

  /** Whose tables it sees. */
  public String project() {
    return access.project();
  }
}
