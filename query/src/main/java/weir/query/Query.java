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
 */
public record Query(String project, String sql, List<@Nullable Object> parameters) {
  public Query {
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(sql, "sql");
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }
}
