package weir.query.postgres;

import java.util.Locale;
import java.util.Optional;

/** A type of PostgreSQL that values of the engine are given as. */
public enum PostgresType {
  BOOL(16, 1, "BOOLEAN"),
  BYTEA(17, -1, "BLOB"),
  INT8(20, 8, "BIGINT"),
  INT2(21, 2, "SMALLINT"),
  INT4(23, 4, "INTEGER"),
  TEXT(25, -1, "VARCHAR"),
  OID(26, 4, "BIGINT"),
  JSON(114, -1, "JSON"),
  FLOAT4(700, 4, "REAL"),
  FLOAT8(701, 8, "DOUBLE"),
  BPCHAR(1042, -1, "VARCHAR"),
  VARCHAR(1043, -1, "VARCHAR"),
  DATE(1082, 4, "DATE"),
  TIME(1083, 8, "TIME"),
  TIMESTAMP(1114, 8, "TIMESTAMP"),
  TIMESTAMPTZ(1184, 8, "TIMESTAMP WITH TIME ZONE"),
  NUMERIC(1700, -1, "DECIMAL(38, 10)"),
  UUID(2950, 16, "UUID"),
  INT4_ARRAY(1007, -1, "INTEGER[]"),
  TEXT_ARRAY(1009, -1, "VARCHAR[]"),
  INT8_ARRAY(1016, -1, "BIGINT[]"),
  FLOAT8_ARRAY(1022, -1, "DOUBLE[]");

  private final int oid;
  private final int size;
  private final String engineType;

  PostgresType(int oid, int size, String engineType) {
    this.oid = oid;
    this.size = size;
    this.engineType = engineType;
  }

  public int oid() {
    return oid;
  }

  /** Bytes of a binary value, -1 if they vary. */
  public int size() {
    return size;
  }

  /** What the engine calls it. */
  String engineType() {
    return engineType;
  }

  /** What an array's elements are. */
  Optional<PostgresType> element() {
    return switch (this) {
      case INT4_ARRAY -> Optional.of(INT4);
      case INT8_ARRAY -> Optional.of(INT8);
      case TEXT_ARRAY -> Optional.of(TEXT);
      case FLOAT8_ARRAY -> Optional.of(FLOAT8);
      default -> Optional.empty();
    };
  }

  public static Optional<PostgresType> ofOid(int oid) {
    for (PostgresType type : values()) {
      if (type.oid == oid) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** How values of an engine's type are given; text where nothing fits better. */
  public static PostgresType ofEngine(String name) {
    String folded = name.toUpperCase(Locale.ROOT);
    if (folded.endsWith("]")) {
      return switch (folded) {
        case "INTEGER[]", "SMALLINT[]" -> INT4_ARRAY;
        case "BIGINT[]" -> INT8_ARRAY;
        case "VARCHAR[]" -> TEXT_ARRAY;
        case "DOUBLE[]" -> FLOAT8_ARRAY;
        default -> JSON;
      };
    }
    int bracket = folded.indexOf('(');
    return switch (bracket < 0 ? folded : folded.substring(0, bracket)) {
      case "BOOLEAN" -> BOOL;
      case "TINYINT", "SMALLINT", "UTINYINT" -> INT2;
      case "INTEGER", "USMALLINT" -> INT4;
      case "BIGINT", "UINTEGER" -> INT8;
      case "HUGEINT", "UHUGEINT", "UBIGINT", "BIGNUM", "DECIMAL" -> NUMERIC;
      case "FLOAT" -> FLOAT4;
      case "DOUBLE" -> FLOAT8;
      case "DATE" -> DATE;
      case "TIME" -> TIME;
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> TIMESTAMP;
      case "TIMESTAMP WITH TIME ZONE" -> TIMESTAMPTZ;
      case "BLOB" -> BYTEA;
      case "UUID" -> UUID;
      case "JSON", "STRUCT", "MAP", "UNION" -> JSON;
      default -> TEXT;
    };
  }
}
