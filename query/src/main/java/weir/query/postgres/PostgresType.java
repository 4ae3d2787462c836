package weir.query.postgres;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A type of PostgreSQL that values of the engine are given as. */
public enum PostgresType {
  BOOL(16, 1, "BOOLEAN", 1000),
  BYTEA(17, -1, "BLOB", 1001),
  CHAR(18, 1, "VARCHAR", 1002),
  NAME(19, 64, "VARCHAR", 1003),
  INT8(20, 8, "BIGINT", 1016),
  INT2(21, 2, "SMALLINT", 1005),
  INT4(23, 4, "INTEGER", 1007),
  TEXT(25, -1, "VARCHAR", 1009),
  OID(26, 4, "UINTEGER", 1028),
  JSON(114, -1, "JSON", 0),
  FLOAT4(700, 4, "REAL", 1021),
  FLOAT8(701, 8, "DOUBLE", 1022),
  BPCHAR(1042, -1, "VARCHAR", 1014),
  VARCHAR(1043, -1, "VARCHAR", 1015),
  DATE(1082, 4, "DATE", 1182),
  TIME(1083, 8, "TIME", 1183),
  TIMESTAMP(1114, 8, "TIMESTAMP", 1115),
  TIMESTAMPTZ(1184, 8, "TIMESTAMP WITH TIME ZONE", 1185),
  INTERVAL(1186, 16, "INTERVAL", 1187),
  NUMERIC(1700, -1, "DECIMAL(38, 10)", 1231),
  UUID(2950, 16, "UUID", 2951),
  JSONB(3802, -1, "JSON", 0),
  BOOL_ARRAY(BOOL),
  BYTEA_ARRAY(BYTEA),
  CHAR_ARRAY(CHAR),
  NAME_ARRAY(NAME),
  INT8_ARRAY(INT8),
  INT2_ARRAY(INT2),
  INT4_ARRAY(INT4),
  TEXT_ARRAY(TEXT),
  OID_ARRAY(OID),
  FLOAT4_ARRAY(FLOAT4),
  FLOAT8_ARRAY(FLOAT8),
  BPCHAR_ARRAY(BPCHAR),
  VARCHAR_ARRAY(VARCHAR),
  DATE_ARRAY(DATE),
  TIME_ARRAY(TIME),
  TIMESTAMP_ARRAY(TIMESTAMP),
  TIMESTAMPTZ_ARRAY(TIMESTAMPTZ),
  INTERVAL_ARRAY(INTERVAL),
  NUMERIC_ARRAY(NUMERIC),
  UUID_ARRAY(UUID);

  private final int oid;
  private final int size;
  private final String engineType;
  private final int arrayOid;
  private final @Nullable PostgresType element;

  PostgresType(int oid, int size, String engineType, int arrayOid) {
    this.oid = oid;
    this.size = size;
    this.engineType = engineType;
    this.arrayOid = arrayOid;
    this.element = null;
  }

  PostgresType(PostgresType element) {
    this.oid = element.arrayOid;
    this.size = -1;
    this.engineType = element.engineType + "[]";
    this.arrayOid = 0;
    this.element = element;
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

  /** A value that statements can be bound with, as a text that the engine casts to it. */
  String sample() {
    return switch (this) {
      case BOOL -> "true";
      case INT8, INT4, INT2, OID -> "1";
      case FLOAT4, FLOAT8, NUMERIC -> "0.5"; // a share, too
      case DATE -> "2000-01-01";
      case TIME -> "00:00:00";
      case TIMESTAMP -> "2000-01-01 00:00:00";
      case TIMESTAMPTZ -> "2000-01-01 00:00:00+00";
      case INTERVAL -> "1 day";
      case UUID -> "00000000-0000-0000-0000-000000000000";
      case JSON, JSONB -> "{}";
      default -> element == null ? "a" : PostgresArray.engineText(List.of(element.sample()));
    };
  }

  /** What an array's elements are. */
  public Optional<PostgresType> element() {
    return Optional.ofNullable(element);
  }

  /** The array of these; empty for one of arrays. */
  Optional<PostgresType> array() {
    return arrayOid == 0 ? Optional.empty() : ofOid(arrayOid);
  }

  /** Whether the engine finds the type of such a parameter from what it is compared with. */
  boolean isText() {
    return this == TEXT || this == VARCHAR || this == NAME;
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
    if (folded.endsWith("[]")) {
      PostgresType element = ofEngine(folded.substring(0, folded.length() - 2));
      return element == JSON ? JSON : element.array().orElse(JSON);
    } else if (folded.endsWith("]")) {
      return JSON;
    }
    int bracket = folded.indexOf('(');
    return switch (bracket < 0 ? folded : folded.substring(0, bracket)) {
      case "BOOLEAN" -> BOOL;
      case "TINYINT", "SMALLINT", "UTINYINT" -> INT2;
      case "INTEGER", "USMALLINT" -> INT4;
      case "BIGINT" -> INT8;
      case "UINTEGER" -> OID;
      case "HUGEINT", "UHUGEINT", "UBIGINT", "BIGNUM", "DECIMAL" -> NUMERIC;
      case "FLOAT" -> FLOAT4;
      case "DOUBLE" -> FLOAT8;
      case "DATE" -> DATE;
      case "TIME" -> TIME;
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> TIMESTAMP;
      case "TIMESTAMP WITH TIME ZONE" -> TIMESTAMPTZ;
      case "INTERVAL" -> INTERVAL;
      case "BLOB" -> BYTEA;
      case "UUID" -> UUID;
      case "JSON", "STRUCT", "MAP", "UNION" -> JSON;
      default -> TEXT;
    };
  }
}
