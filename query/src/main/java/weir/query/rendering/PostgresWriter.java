package weir.query.rendering;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.query.QueryColumn;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.StatementTypes;
import weir.query.postgres.PostgresRequest;
import weir.query.postgres.PostgresType;
import weir.query.postgres.PostgresValues;

/**
 * Writes a result as messages of PostgreSQL's protocol 3.0: RowDescription, a DataRow for each row,
 * CommandComplete.
 */
public final class PostgresWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CALL = Pattern.compile("(?s)\"?([A-Za-z_]\\w*)\"?\\(.*\\)");
  private static final Pattern UNNAMED =
      Pattern.compile("(?s)'.*'|NULL|-?\\d+(\\.\\d+)?|\\(.*\\)|\\$\\d+");
  private static final int NO_TABLE = 0;
  private static final int NO_MODIFIER = -1;

  private PostgresWriter() {}

  /**
   * Writes all rows.
   *
   * @return how many
   */
  public static long write(QueryRows rows, PostgresRequest request, OutputStream out)
      throws QueryException, IOException {
    int promised = request.promised().size();
    if (promised != 0 && promised != rows.columns().size()) {
      throw new QueryException(
          QueryError.INVALID_SQL,
          "the statement was described with %d columns and has %d now: prepare it again"
              .formatted(promised, rows.columns().size()));
    }
    List<PostgresType> types = types(rows.columns(), request.promised());
    message('T', description(rows.columns(), types, request), out);
    long count = 0;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (rows.next()) {
      body.reset();
      DataOutputStream row = new DataOutputStream(body);
      row.writeShort(types.size());
      for (int i = 0; i < types.size(); i++) {
        value(rows.value(i), types.get(i), request, i, row);
      }
      message('D', body.toByteArray(), out);
      count++;
    }
    message('C', ("SELECT " + count + "\0").getBytes(StandardCharsets.UTF_8), out);
    return count;
  }

  /** A failure after the first rows: error, as the JSON that the API answers errors with. */
  public static void failure(QueryException failure, OutputStream out) throws IOException {
    message('E', HttpErrors.body(failure).getBytes(StandardCharsets.UTF_8), out);
  }

  private static void message(char type, byte[] body, OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeByte(type);
    data.writeInt(body.length + 4);
    data.write(body);
  }

  private static List<PostgresType> types(List<QueryColumn> columns, List<Integer> promised) {
    List<PostgresType> types = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      PostgresType found = PostgresType.ofEngine(columns.get(i).type());
      boolean asText =
          i < promised.size() && promised.get(i) == PostgresType.TEXT.oid() && !columns.isEmpty();
      types.add(asText ? PostgresType.TEXT : found);
    }
    return types;
  }

  private static byte[] description(
      List<QueryColumn> columns, List<PostgresType> types, PostgresRequest request)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    out.writeShort(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      out.write(name(columns.get(i).name()).getBytes(StandardCharsets.UTF_8));
      out.writeByte(0);
      out.writeInt(NO_TABLE);
      out.writeShort(0);
      out.writeInt(types.get(i).oid());
      out.writeShort(types.get(i).size());
      out.writeInt(NO_MODIFIER);
      out.writeShort(request.isBinary(i) ? 1 : 0);
    }
    return body.toByteArray();
  }

  /** PostgreSQL names the column of a call by its function, others that have no name alike. */
  private static String name(String label) {
    if (label.equals("count_star()")) {
      return "count";
    }
    if (UNNAMED.matcher(label).matches()) {
      return "?column?";
    }
    Matcher call = CALL.matcher(label);
    return call.matches() ? call.group(1).toLowerCase(java.util.Locale.ROOT) : label;
  }

  private static void value(
      @Nullable Object value,
      PostgresType type,
      PostgresRequest request,
      int column,
      DataOutputStream out)
      throws IOException {
    if (value == null) {
      out.writeInt(-1);
      return;
    }
    String otherwise = value instanceof Number ? value.toString() : ResultValues.text(value);
    byte[] bytes =
        PostgresValues.encode(value, type, request.isBinary(column), otherwise, request.zone());
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** What a statement's columns and parameters are, as JSON. */
  public static byte[] described(StatementTypes statement, PostgresRequest request) {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode columns = json.putArray("columns");
    for (QueryColumn column : statement.columns()) {
      PostgresType type = PostgresType.ofEngine(column.type());
      columns
          .addObject()
          .put("name", name(column.name()))
          .put("type", type.oid())
          .put("size", type.size());
    }
    ArrayNode parameters = json.putArray("parameters");
    for (int i = 0; i < statement.parameters().size(); i++) {
      int declared = i < request.types().size() ? request.types().get(i) : 0;
      parameters.add(
          declared == 0 ? PostgresType.ofEngine(statement.parameters().get(i)).oid() : declared);
    }
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
