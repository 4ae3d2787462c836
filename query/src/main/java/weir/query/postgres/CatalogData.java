package weir.query.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a real PostgreSQL says of itself: every table of its catalog and information schema, and the
 * rows of those that are the same in every new database.
 */
final class CatalogData {
  private static final Map<String, Map<String, String>> RELATIONS = relations();
  private static final Map<String, List<@Nullable String[]>> ROWS = new ConcurrentHashMap<>();

  /** The tables whose rows are kept. */
  static final Set<String> WITH_ROWS =
      Set.of(
          "pg_type",
          "pg_proc",
          "pg_operator",
          "pg_cast",
          "pg_range",
          "pg_keywords",
          "pg_am",
          "pg_language",
          "pg_aggregate",
          "pg_opclass",
          "pg_opfamily",
          "pg_amop",
          "pg_amproc",
          "pg_collation",
          "pg_conversion",
          "pg_ts_config",
          "pg_ts_config_map",
          "pg_ts_dict",
          "pg_ts_parser",
          "pg_ts_template");

  private CatalogData() {}

  /** All tables; those of the information schema bear its name before theirs. */
  static Set<String> names() {
    return RELATIONS.keySet();
  }

  /** The columns of a table with the engine's types. */
  static Optional<Map<String, String>> columns(String name) {
    return Optional.ofNullable(RELATIONS.get(name));
  }

  /** The rows of a table, as texts that can be cast to the types of its columns. */
  static List<@Nullable String[]> rows(String name) {
    return ROWS.computeIfAbsent(name, CatalogData::read);
  }

  private static Map<String, Map<String, String>> relations() {
    Map<String, Map<String, String>> relations = new LinkedHashMap<>();
    for (@Nullable String[] line : read("columns")) {
      String relation = String.valueOf(line[1]);
      String name =
          "information_schema".equals(line[0]) ? "information_schema_" + relation : relation;
      relations
          .computeIfAbsent(name, key -> new LinkedHashMap<>())
          .put(String.valueOf(line[2]), engineType(String.valueOf(line[3])));
    }
    return relations;
  }

  private static String engineType(String type) {
    return switch (type) {
      case "bool" -> "BOOLEAN";
      case "int2" -> "SMALLINT";
      case "int4" -> "INTEGER";
      case "int8", "xid" -> "BIGINT";
      case "oid", "regproc", "regtype" -> PostgresType.OID.engineType();
      case "float4" -> "REAL";
      case "float8" -> "DOUBLE";
      case "numeric" -> "DECIMAL(38, 10)";
      case "bytea" -> "BLOB";
      case "interval" -> "INTERVAL";
      case "timestamptz" -> "TIMESTAMP WITH TIME ZONE";
      case "oidvector", "_oid", "_regtype" -> PostgresType.OID.engineType() + "[]";
      case "int2vector", "_int2" -> "INTEGER[]";
      case "_float4" -> "REAL[]";
      case "_float8" -> "DOUBLE[]";
      case "_bool" -> "BOOLEAN[]";
      default -> type.startsWith("_") ? "VARCHAR[]" : "VARCHAR";
    };
  }

  /** What {@code format_type} says of each type, as an SQL map. */
  static String typeNames() {
    return read("type_names").stream()
        .map(line -> line[0] + ": '" + String.valueOf(line[1]).replace("'", "''") + "'")
        .collect(Collectors.joining(", ", "map {", "}"));
  }

  /** The id of each type by its name in pg_type and by {@code format_type}'s, as an SQL map. */
  static String typeIds() {
    Map<String, String> ids = new LinkedHashMap<>();
    rows("pg_type").forEach(row -> ids.put(String.valueOf(row[1]), String.valueOf(row[0])));
    read("type_names").forEach(row -> ids.put(String.valueOf(row[1]), String.valueOf(row[0])));
    return ids.entrySet().stream()
        .map(id -> "'" + id.getKey().replace("'", "''") + "': " + id.getValue())
        .collect(Collectors.joining(", ", "map {", "}"));
  }

  /** What can be set in a session, by names in lower case, and what it is at first. */
  static Map<String, String> parameters() {
    return read("parameters").stream()
        .collect(
            Collectors.toUnmodifiableMap(
                line -> String.valueOf(line[0]), line -> String.valueOf(line[1])));
  }

  private static List<@Nullable String[]> read(String file) {
    String path = "catalog/" + file + ".tsv";
    try (InputStream in = CatalogData.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("there is no resource " + path);
      }
      List<@Nullable String[]> rows = new ArrayList<>();
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        rows.add(
            Arrays.stream(line.split("\t", -1)).map(CatalogData::field).toArray(String[]::new));
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private static @Nullable String field(String text) {
    if (text.equals("\\N")) {
      return null;
    }
    return text.indexOf('\\') < 0
        ? text
        : text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\");
  }
}
