package weir.tools.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file with a header. The separator is the one of comma, semicolon, tab and bar that the
 * header has most of. A row that has not as many values as the header is refused.
 */
final class CsvRows implements RowSource {
  private static final char[] SEPARATORS = {',', ';', '\t', '|'};

  private final InputFile file;
  private final CsvParser parser;
  private final char separator;
  private final List<String> names;
  private long line;
  private boolean broken;

  CsvRows(InputFile file) throws IOException {
    this.file = file;
    this.separator = separator(file.firstLine());
    this.parser =
        CsvFactory.builder()
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build()
            .createParser(
                new InputStreamReader(
                    file.content(),
                    StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(separator));
    List<String> header = values();
    if (header == null) {
      throw new IOException("the file is empty");
    }
    this.names = unique(header);
  }

  private static char separator(String line) {
    char best = ',';
    long most = 0;
    for (char candidate : SEPARATORS) {
      long count = line.chars().filter(c -> c == candidate).count();
      if (count > most) {
        most = count;
        best = candidate;
      }
    }
    return best;
  }

  private static List<String> unique(List<String> header) {
    List<String> names = new ArrayList<>();
    Set<String> taken = new TreeSet<>(header);
    for (String column : header) {
      String name = column.strip();
      String base = name.isEmpty() ? "column" + (names.size() + 1) : name;
      String free = base;
      for (int i = 2; names.contains(free) || (!free.equals(column) && taken.contains(free)); i++) {
        free = base + "_" + i;
      }
      names.add(free);
    }
    return names;
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (broken) {
      return null;
    }
    try {
      List<String> values = values();
      if (values == null) {
        return null;
      }
      if (values.size() != names.size()) {
        return new Row.Unreadable(
            line, "it has " + values.size() + " values, the header " + names.size(), text(values));
      }
      ObjectNode row = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < values.size(); i++) {
        row.put(names.get(i), values.get(i));
      }
      return new Row.Values(line, row);
    } catch (JsonProcessingException e) {
      broken = true; // the parser cannot tell where a next row would begin
      return new Row.Unreadable(
          line,
          "from here on it is not CSV: " + e.getOriginalMessage().lines().findFirst().orElse(""),
          null);
    }
  }

  private String text(List<String> values) {
    StringBuilder text = new StringBuilder();
    for (String value : values) {
      boolean quoted =
          value.indexOf(separator) >= 0
              || value.indexOf('"') >= 0
              || value.indexOf('\n') >= 0
              || value.indexOf('\r') >= 0;
      text.append(quoted ? '"' + value.replace("\"", "\"\"") + '"' : value).append(separator);
    }
    return text.substring(0, text.length() - 1);
  }

  @Override
  public String heading() {
    return text(names);
  }

  @Override
  public String text(Row.Values row) {
    List<String> values = new ArrayList<>();
    names.forEach(name -> values.add(row.columns().path(name).asText()));
    return text(values);
  }

  @Override
  public String suffix() {
    return ".csv";
  }

  private @Nullable List<String> values() throws IOException {
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
    } catch (CharacterCodingException e) {
      throw new IOException(
          (line == 0 ? "" : "after line " + line + " ")
              + "the file is not UTF-8; convert it first, for instance: iconv -f LATIN1 -t UTF-8",
          e);
    }
  }

  @Override
  public String describe() {
    String name =
        switch (separator) {
          case '\t' -> "tab";
          case ';' -> "semicolon";
          case '|' -> "bar";
          default -> "comma";
        };
    return file.describe() + ", separated by " + name + ", " + names.size() + " columns";
  }

  @Override
  public boolean isText() {
    return true;
  }

  @Override
  public long done() {
    return file.done();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
