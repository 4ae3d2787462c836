package weir.query.kept;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stream at one version, and what is still known of earlier ones, with what one question needs of
 * it. Never changed.
 *
 * @param stream the same for all versions of one stream
 * @param event the number of its name
 * @param forgotten versions before this one cannot be told any more
 * @param times finds rows by their time
 * @param roles that its events can have
 * @param conditions those of the roles that have one
 * @param value that the events come with
 * @param key that they come with too
 */
record StreamView(
    Object stream,
    int event,
    long version,
    long forgotten,
    List<Level> levels,
    Lives lives,
    PartTimes times,
    List<Role> roles,
    Map<Expression, KeptColumn.View> conditions,
    KeptColumn.@Nullable View value,
    KeptColumn.@Nullable View key) {
  /** What is left to tell versions apart. */
  Earlier earlier() {
    List<Object> columns =
        roles.stream()
            .flatMap(role -> role.condition().stream())
            .<Object>map(condition -> column(condition).id())
            .toList();
    return new Earlier(stream, version, columns, List.of(id(value), id(key)));
  }

  private static Object id(KeptColumn.@Nullable View column) {
    return column == null ? List.of() : column.id();
  }

  /** What tells one version, and what columns a question saw, from others. */
  record Earlier(Object stream, long version, List<Object> columns, List<Object> values) {
    boolean isOf(Earlier other) {
      return stream == other.stream && values.equals(other.values) && columns.equals(other.columns);
    }
  }

  KeptColumn.View column(Expression condition) {
    KeptColumn.View column = conditions.get(condition);
    if (column == null) {
      throw new IllegalStateException("a condition was not read");
    }
    return column;
  }

  long rows() {
    return levels.stream().mapToLong(Level::rows).sum();
  }

  /** Whether an earlier version can still be told. */
  boolean knows(long earlier) {
    return earlier >= forgotten && earlier <= version;
  }
}
