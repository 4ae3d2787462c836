package weir.query.rendering;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.query.Deadline;
import weir.query.QueryColumn;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.QueryStats;

/**
 * Writes rows as they come, in the formats that the engine does not write by itself. After a
 * failure nothing more is written, not what is still in a buffer either: closing a JSON generator
 * would write it.
 */
public final class ResultWriter {
  private ResultWriter() {}

  /**
   * Writes up to {@code limit} rows in api.md's JSON.
   *
   * @return how many rows
   */
  public static long json(QueryRows rows, long limit, Deadline deadline, OutputStream out)
      throws IOException, QueryException {
    long count = 0;
    boolean more = rows.next();
    JsonGenerator json = ResultValues.FACTORY.createGenerator(out);
    json.writeStartObject();
    json.writeArrayFieldStart("columns");
    for (QueryColumn column : rows.columns()) {
      json.writeStartObject();
      json.writeStringField("name", column.name());
      json.writeStringField("type", column.type());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("rows");
    int width = rows.columns().size();
    while (more && count < limit) {
      json.writeStartArray();
      for (int i = 0; i < width; i++) {
        ResultValues.writeJson(json, rows.value(i));
      }
      json.writeEndArray();
      count++;
      more = rows.next();
    }
    json.writeEndArray();
    stats(json, rows.stats(), deadline);
    json.writeBooleanField("truncated", more);
    json.writeEndObject();
    json.close();
    return count;
  }

  private static void stats(JsonGenerator json, QueryStats stats, Deadline deadline)
      throws IOException {
    json.writeObjectFieldStart("stats");
    json.writeNumberField("elapsed_ms", deadline.elapsed().toMillis());
    json.writeNumberField("bytes_scanned", stats.bytesScanned());
    json.writeNumberField("files", stats.files());
    if (stats.cost().isPresent()) {
      json.writeStringField("cost", stats.cost().get().toPlainString());
    }
    json.writeFieldName("fresh_to");
    ResultValues.writeJson(json, stats.freshTo().orElse(null));
    json.writeEndObject();
  }

  /** Writes all rows, an object a line; of columns with one name the later get a number. */
  public static long ndjson(QueryRows rows, OutputStream out) throws IOException, QueryException {
    List<String> names = distinct(rows.columns());
    long count = 0;
    JsonGenerator json = ResultValues.FACTORY.createGenerator(out);
    json.setRootValueSeparator(null);
    while (rows.next()) {
      json.writeStartObject();
      for (int i = 0; i < names.size(); i++) {
        json.writeFieldName(names.get(i));
        ResultValues.writeJson(json, rows.value(i));
      }
      json.writeEndObject();
      json.writeRaw('\n');
      count++;
    }
    json.close();
    return count;
  }

  private static List<String> distinct(List<QueryColumn> columns) {
    Set<String> used = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (QueryColumn column : columns) {
      String name = column.name();
      for (int n = 1; !used.add(name); n++) {
        name = column.name() + "_" + n;
      }
      names.add(name);
    }
    return names;
  }

  /** Writes all rows; null is an empty field, an empty string a quoted one. */
  public static long csv(QueryRows rows, OutputStream out) throws IOException, QueryException {
    List<QueryColumn> columns = rows.columns();
    StringBuilder line = new StringBuilder();
    for (QueryColumn column : columns) {
      line.append(line.isEmpty() ? "" : ",");
      quoted(line, column.name());
    }
    end(line, out);
    long count = 0;
    while (rows.next()) {
      for (int i = 0; i < columns.size(); i++) {
        if (i > 0) {
          line.append(',');
        }
        field(line, rows.value(i));
      }
      end(line, out);
      count++;
    }
    return count;
  }

  private static void field(StringBuilder line, @Nullable Object value) throws IOException {
    if (!ResultValues.isNull(value)) {
      quoted(line, ResultValues.text(value));
    }
  }

  private static void quoted(StringBuilder line, String text) {
    boolean plain = !text.isEmpty();
    for (int i = 0; i < text.length() && plain; i++) {
      char c = text.charAt(i);
      plain = c != ',' && c != '"' && c != '\r' && c != '\n';
    }
    if (plain) {
      line.append(text);
    } else {
      line.append('"').append(text.replace("\"", "\"\"")).append('"');
    }
  }

  private static void end(StringBuilder line, OutputStream out) throws IOException {
    line.append("\r\n");
    out.write(line.toString().getBytes(StandardCharsets.UTF_8));
    line.setLength(0);
  }
}
