package weir.query.duckdb;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import weir.query.QueryColumn;

/**
 * A statement whose result Parquet holds digit by digit: DuckDB writes integers of 128 bits, such
 * as the sum of others, as doubles. They become decimals of 38 digits; one that has more is an
 * error.
 */
final class ExactColumns {
  private ExactColumns() {}

  /** The statement as it is where it has no such column, else one around it. */
  static String of(List<QueryColumn> columns, String select) {
    if (columns.stream().noneMatch(column -> isWide(column.type()))) {
      return select;
    }
    String all =
        IntStream.range(0, columns.size())
            .mapToObj(i -> expression(columns.get(i), "c" + i))
            .collect(Collectors.joining(", "));
    String names =
        IntStream.range(0, columns.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    return "SELECT " + all + " FROM (\n" + select + "\n) AS exact(" + names + ")";
  }

  private static String expression(QueryColumn column, String name) {
    return (isWide(column.type()) ? "CAST(" + name + " AS DECIMAL(38, 0))" : name)
        + " AS \""
        + column.name().replace("\"", "\"\"")
        + '"';
  }

  private static boolean isWide(String type) {
    return type.equals("HUGEINT") || type.equals("UHUGEINT");
  }
}
