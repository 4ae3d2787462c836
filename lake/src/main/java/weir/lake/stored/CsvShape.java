package weir.lake.stored;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a CSV file holds, found by reading all of it: its columns with their types, and how many
 * rows. A file in which some row is longer or shorter than the header is none.
 *
 * @param separator the one of comma, semicolon, tab and bar that the header has most of
 * @param columns DuckDB's types by name, in order
 */
record CsvShape(char separator, Map<String, String> columns, long rows) {
  private static final char[] SEPARATORS = {',', ';', '\t', '|'};
  private static final int HEAD = 1 << 16;
  private static final int CHECK_EVERY = 1_000;
  private static final int LONGEST_ROW = StoredFileWriter.LONGEST_ROW;
  private static final int UTF_8_MOST = 3;

  /**
   * @param types of columns that are not to be found
   * @param watch says when it is enough
   * @throws UnreadableInputException naming the line, if the file is no table
   */
  static CsvShape of(Path file, Map<String, String> types, ConversionWatch watch)
      throws IOException, UnreadableInputException {
    char separator = separator(file);
    try (CsvParser parser = parser(file)) {
      parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(separator));
      return new Reading(parser, types, watch).shape(separator);
    } catch (CharacterCodingException e) {
      throw new UnreadableInputException("the file is not UTF-8", e);
    }
  }

  private static CsvParser parser(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), HEAD);
    in.mark(3);
    byte[] start = in.readNBytes(3);
    if (!isMark(start)) {
      in.reset();
    }
    return CsvFactory.builder()
        .build()
        .createParser(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  private static boolean isMark(byte[] start) {
    return start.length == 3
        && start[0] == (byte) 0xef
        && start[1] == (byte) 0xbb
        && start[2] == (byte) 0xbf;
  }

  private static char separator(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    }
    long[] counts = new long[SEPARATORS.length];
    boolean quoted = false;
    for (byte b : head) {
      if (b == '"') {
        quoted = !quoted;
      } else if (!quoted && (b == '\n' || b == '\r')) {
        break;
      } else if (!quoted) {
        for (int i = 0; i < SEPARATORS.length; i++) {
          counts[i] += b == SEPARATORS[i] ? 1 : 0;
        }
      }
    }
    int most = 0;
    for (int i = 1; i < counts.length; i++) {
      most = counts[i] > counts[most] ? i : most;
    }
    return SEPARATORS[most];
  }

  /** One pass over the rows. */
  private static final class Reading {
    private final CsvParser parser;
    private final Map<String, String> told;
    private final ConversionWatch watch;
    private final List<String> names;
    private final List<CsvColumnType> types = new ArrayList<>();
    private long line;
    private long rows;
    private long uneven;
    private @Nullable String firstUneven;

    Reading(CsvParser parser, Map<String, String> told, ConversionWatch watch)
        throws IOException, UnreadableInputException {
      this.parser = parser;
      this.told = told;
      this.watch = watch;
      List<String> header = values();
      if (header == null || header.size() == 1 && header.getFirst().isBlank()) {
        throw new UnreadableInputException(
            "the file is empty; its first line must name the columns");
      }
      this.names = names(header);
      names.forEach(name -> types.add(new CsvColumnType()));
      for (String name : told.keySet()) {
        if (!names.contains(name)) {
          throw new UnreadableInputException(
              "types names a column " + name + "; there are " + String.join(", ", names));
        }
      }
    }

    /**
     * The columns' names; those without one are numbered.
     *
     * @throws UnreadableInputException if SQL would take two of them for one
     */
    private static List<String> names(List<String> header) throws UnreadableInputException {
      List<String> names = new ArrayList<>();
      Map<String, String> taken = new HashMap<>();
      for (String column : header) {
        String name = column.strip();
        String other = name.isEmpty() ? null : taken.put(folded(name), name);
        if (other != null) {
          throw new UnreadableInputException(
              "the first line names two columns "
                  + (other.equals(name) ? name : other + " and " + name)
                  + ", which SQL takes for one; give them different names");
        }
      }
      for (String column : header) {
        String name = column.strip();
        String base = "column" + names.size();
        for (int i = 1; name.isEmpty(); i++) {
          String free = i == 1 ? base : base + "_" + i;
          name = taken.putIfAbsent(folded(free), free) == null ? free : "";
        }
        names.add(name);
      }
      return names;
    }

    private static String folded(String name) {
      return name.toLowerCase(Locale.ROOT);
    }

    CsvShape shape(char separator) throws IOException, UnreadableInputException {
      for (List<String> row = values(); row != null; row = values()) {
        take(row);
      }
      if (firstUneven != null) {
        throw new UnreadableInputException(
            firstUneven
                + (uneven == 1 ? "" : ", and " + (uneven - 1) + " more lines are as uneven as it")
                + "; a value with a separator or a line break in it needs quotes around it");
      }
      Map<String, String> columns = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        columns.put(names.get(i), told.getOrDefault(names.get(i), types.get(i).duckDb()));
      }
      return new CsvShape(separator, columns, rows);
    }

    private void take(List<String> row) throws UnreadableInputException {
      if (row.size() == 1 && names.size() > 1 && row.getFirst().isEmpty()) {
        return; // an empty line
      }
      if (rows % CHECK_EVERY == 0) {
        watch.check();
      }
      rows++;
      if (rows > watch.rowLimit()) {
        throw watch.tooManyRows();
      }
      if (isTooLong(row)) {
        throw tooLong(null);
      }
      if (row.size() != names.size()) {
        uneven++;
        if (firstUneven == null) {
          firstUneven =
              "line " + line + " has " + row.size() + " values, the header has " + names.size();
        }
        return;
      }
      for (int i = 0; i < row.size(); i++) {
        types.get(i).add(row.get(i));
      }
    }

    private static boolean isTooLong(List<String> row) {
      long chars = row.size();
      for (String value : row) {
        chars += value.length();
      }
      if (chars <= LONGEST_ROW / UTF_8_MOST) {
        return false;
      }
      long bytes = row.size();
      for (String value : row) {
        bytes += value.getBytes(StandardCharsets.UTF_8).length;
      }
      return bytes > LONGEST_ROW;
    }

    private UnreadableInputException tooLong(@Nullable Exception cause) {
      return new UnreadableInputException(
          "line " + line + " has " + StoredFileWriter.TOO_LONG, cause);
    }

    private @Nullable List<String> values() throws IOException, UnreadableInputException {
      try {
        if (parser.nextToken() == null) {
          return null;
        }
        line = parser.currentLocation().getLineNr();
        List<String> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(parser.getText());
        }
        return values;
      } catch (StreamConstraintsException e) {
        line = parser.currentLocation().getLineNr();
        throw tooLong(e);
      } catch (JsonProcessingException e) {
        String why = e.getOriginalMessage().lines().findFirst().orElse("");
        throw new UnreadableInputException("after line " + line + " it is not CSV: " + why, e);
      }
    }
  }
}
