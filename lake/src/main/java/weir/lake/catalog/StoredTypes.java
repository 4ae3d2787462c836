package weir.lake.catalog;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Types of stored tables: what Iceberg, and so every reader of the lake, has for a type of DuckDB.
 * Nested values become their JSON, and what Iceberg lacks the next larger type, or text.
 */
public final class StoredTypes {
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");

  private StoredTypes() {}

  /** The type that a value of DuckDB's type is kept as, by DuckDB's name. */
  public static String kept(String duckType) {
    String type = duckType.toUpperCase(Locale.ROOT);
    return switch (type) {
      case "BOOLEAN", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP", "BLOB" ->
          type;
      case "TIMESTAMP WITH TIME ZONE" -> type;
      case "TINYINT", "SMALLINT", "UTINYINT", "USMALLINT" -> "INTEGER";
      case "UINTEGER" -> "BIGINT";
      case "UBIGINT" -> "DECIMAL(20,0)";
      case "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> "TIMESTAMP";
      default -> DECIMAL.matcher(type).matches() ? type : "VARCHAR";
    };
  }

  /** Whether values are kept as their JSON. */
  public static boolean isNested(String duckType) {
    return duckType.endsWith("]")
        || duckType.startsWith("STRUCT(")
        || duckType.startsWith("MAP(")
        || duckType.startsWith("UNION(");
  }

  /** Iceberg's type of a kept one. */
  public static Type iceberg(String kept) {
    return switch (kept) {
      case "BOOLEAN" -> Types.BooleanType.get();
      case "INTEGER" -> Types.IntegerType.get();
      case "BIGINT" -> Types.LongType.get();
      case "FLOAT" -> Types.FloatType.get();
      case "DOUBLE" -> Types.DoubleType.get();
      case "DATE" -> Types.DateType.get();
      case "TIME" -> Types.TimeType.get();
      case "TIMESTAMP" -> Types.TimestampType.withoutZone();
      case "TIMESTAMP WITH TIME ZONE" -> Types.TimestampType.withZone();
      case "BLOB" -> Types.BinaryType.get();
      case "VARCHAR" -> Types.StringType.get();
      default -> {
        Matcher decimal = DECIMAL.matcher(kept);
        if (!decimal.matches()) {
          throw new IllegalArgumentException("not a type that is kept: " + kept);
        }
        yield Types.DecimalType.of(
            Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
      }
    };
  }

  /** DuckDB's name of Iceberg's type; the inverse of {@link #iceberg}. */
  public static String duckDb(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case DATE -> "DATE";
      case TIME -> "TIME";
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? "TIMESTAMP WITH TIME ZONE"
              : "TIMESTAMP";
      case BINARY -> "BLOB";
      case STRING -> "VARCHAR";
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield "DECIMAL(" + decimal.precision() + "," + decimal.scale() + ")";
      }
      default -> throw new IllegalArgumentException("not a type of stored tables: " + type);
    };
  }
}
