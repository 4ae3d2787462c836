package weir.server.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.query.postgres.SqlToken;

/**
 * {@code COPY (query) TO STDOUT} and how its rows are written.
 *
 * @param query whose rows are copied; its start is the place in the command
 * @param header whether names of columns come first
 */
record CopyCommand(
    SqlText query, Format format, String delimiter, String nothing, char quote, boolean header) {
  enum Format {
    TEXT,
    CSV,
    BINARY
  }

  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

  private static final Map<String, String> ESCAPES =
      Map.of("\b", "\\b", "\f", "\\f", "\n", "\\n", "\r", "\\r", "\t", "\\t", "\u000b", "\\v");

  static CopyCommand of(SqlText text) throws PostgresException {
    List<SqlToken> tokens = text.tokens();
    int to = directionAt(tokens);
    if (tokens.get(to).is("from")) {
      throw new PostgresException(
          "25006", "cannot execute COPY FROM: the database is read only; send events instead");
    } else if (to + 1 >= tokens.size() || !tokens.get(to + 1).is("stdout")) {
      throw new PostgresException(
          "42501", "COPY writes to STDOUT alone; psql's \\copy writes to a file of the client");
    }
    Map<String, String> options = CopyOptions.of(tokens.subList(to + 2, tokens.size()));
    Format format = format(options.getOrDefault("format", "text"));
    boolean csv = format == Format.CSV;
    return new CopyCommand(
        query(text, to),
        format,
        options.getOrDefault("delimiter", csv ? "," : "\t"),
        options.getOrDefault("null", csv ? "" : "\\N"),
        options.getOrDefault("quote", "\"").charAt(0),
        !List.of("false", "off", "0").contains(options.getOrDefault("header", "false")));
  }

  private static int directionAt(List<SqlToken> tokens) throws PostgresException {
    int depth = 0;
    for (int i = 1; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      if (token.is("(")) {
        depth++;
      } else if (token.is(")")) {
        depth--;
      } else if (depth == 0 && i > 1 && (token.is("to") || token.is("from"))) {
        return i;
      }
    }
    throw new PostgresException("42601", "syntax error: COPY (query) TO STDOUT is expected");
  }

  /** The query in parentheses, or one of a table's columns. */
  private static SqlText query(SqlText text, int to) {
    if (text.tokens().get(1).is("(")) {
      return text.part(2, to - 1);
    }
    int columns = 1;
    while (columns < to && !text.tokens().get(columns).is("(")) {
      columns++;
    }
    String table = text.part(1, columns).sql();
    String names = columns < to ? text.part(columns + 1, to - 1).sql() : "*";
    String sql = "SELECT " + names + " FROM " + table;
    return new SqlText(sql, 0, SqlToken.of(sql));
  }

  private static Format format(String name) throws PostgresException {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "text" -> Format.TEXT;
      case "csv" -> Format.CSV;
      case "binary" -> Format.BINARY;
      default ->
          throw new PostgresException("22023", "COPY format \"" + name + "\" not recognized");
    };
  }

  /** The message that the rows follow. */
  byte[] begin(int columns) {
    ByteBuffer body = ByteBuffer.allocate(3 + 2 * columns);
    short code = (short) (format == Format.BINARY ? 1 : 0);
    body.put((byte) code).putShort((short) columns);
    for (int i = 0; i < columns; i++) {
      body.putShort(code);
    }
    return body.array();
  }

  /** What comes before the first row; empty for nothing. */
  byte[] head(List<String> names) {
    if (format == Format.BINARY) {
      return ByteBuffer.allocate(SIGNATURE.length + 8).put(SIGNATURE).array();
    }
    List<byte @Nullable []> fields = new ArrayList<>();
    names.forEach(name -> fields.add(name.getBytes(StandardCharsets.UTF_8)));
    return header ? line(fields) : new byte[0];
  }

  /** What comes after the last row; empty for nothing. */
  byte[] tail() {
    return format == Format.BINARY ? new byte[] {-1, -1} : new byte[0];
  }

  /**
   * A row.
   *
   * @param dataRow the body of its DataRow
   */
  byte[] row(byte[] dataRow) {
    if (format == Format.BINARY) {
      return dataRow;
    }
    ByteBuffer in = ByteBuffer.wrap(dataRow);
    List<byte @Nullable []> fields = new ArrayList<>();
    for (int left = in.getShort(); left > 0; left--) {
      int length = in.getInt();
      byte[] field = new byte[Math.max(0, length)];
      in.get(field);
      fields.add(length < 0 ? null : field);
    }
    return line(fields);
  }

  private byte[] line(List<byte @Nullable []> fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (int i = 0; i < fields.size(); i++) {
        out.write(i == 0 ? new byte[0] : delimiter.getBytes(StandardCharsets.UTF_8));
        byte[] field = fields.get(i);
        String text =
            field == null ? nothing : written(new String(field, StandardCharsets.UTF_8), fields);
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      out.write('\n');
    } catch (IOException e) {
      throw new IllegalStateException("memory takes bytes", e);
    }
    return bytes.toByteArray();
  }

  private String written(String field, List<byte @Nullable []> fields) {
    if (format == Format.TEXT) {
      String escaped = field.replace("\\", "\\\\");
      for (Map.Entry<String, String> escape : ESCAPES.entrySet()) {
        escaped = escaped.replace(escape.getKey(), escape.getValue());
      }
      return delimiter.equals("\t") ? escaped : escaped.replace(delimiter, "\\" + delimiter);
    }
    boolean plain =
        !field.equals(nothing)
            && !(fields.size() == 1 && field.equals("\\."))
            && !field.contains(delimiter)
            && field.indexOf(quote) < 0
            && field.indexOf('\n') < 0
            && field.indexOf('\r') < 0;
    return plain ? field : quote + field.replace("" + quote, "" + quote + quote) + quote;
  }
}
