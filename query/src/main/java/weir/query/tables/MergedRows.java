package weir.query.tables;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.ProjectProperties;
import weir.event.PropertyName;
import weir.query.QueryException;
import weir.query.sql.ParquetSql;
import weir.query.sql.PropertySql;

/**
 * Rows whose property columns show the values too that lie in JSON, as far as they can be told as
 * values of the column's type: a text in a column of numbers is a number or null. Where none lies
 * there, it costs nothing.
 */
final class MergedRows implements EventRows {
  private final EventRows rows;
  private final ProjectProperties properties;

  MergedRows(EventRows rows, ProjectProperties properties) {
    this.rows = rows;
    this.properties = properties;
  }

  @Override
  public Map<String, ColumnType> columns() {
    return rows.columns();
  }

  private boolean isMerged(String column) {
    return properties.isInJson(column)
        && column.startsWith(PropertyName.PREFIX)
        && EventColumn.named(column).isEmpty()
        && columns().containsKey(PropertySql.JSON);
  }

  @Override
  public String select(Set<String> names) throws QueryException {
    Set<String> merged = merged(names);
    return merged.isEmpty() ? rows.select(names) : merge(names, merged, rows.select(with(names)));
  }

  @Override
  public String select(Set<String> names, Set<String> events) throws QueryException {
    Set<String> merged = merged(names);
    return merged.isEmpty()
        ? rows.select(names, events)
        : merge(names, merged, rows.select(with(names), events));
  }

  private Set<String> merged(Set<String> names) {
    return names.stream().filter(this::isMerged).collect(Collectors.toSet());
  }

  private static Set<String> with(Set<String> names) {
    Set<String> more = new TreeSet<>(names);
    more.add(PropertySql.JSON);
    return more;
  }

  private String merge(Set<String> names, Set<String> merged, String select) {
    return columns().entrySet().stream()
        .filter(column -> names.contains(column.getKey()))
        .map(column ->
            merged.contains(column.getKey())
                ? value(column.getKey(), column.getValue())
                    + " AS "
                    + ParquetSql.name(column.getKey())
                : ParquetSql.name(column.getKey()))
        .collect(Collectors.joining(", ", "SELECT ", " FROM (" + select + ")"));
  }

  private String value(String column, ColumnType type) {
    String sent =
        properties.name(column).orElseGet(() -> column.substring(PropertyName.PREFIX.length()));
    return PropertySql.merged(column, type, sent);
  }
}
