package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Lays out a query's result for a terminal: numbers to the right, the rest to the left. */
final class TextTable {
  private static final int WIDEST = 80;

  private final List<String> names = new ArrayList<>();
  private final List<List<String>> lines = new ArrayList<>();
  private final List<Boolean> numeric = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();

  private boolean cut;

  private TextTable() {}

  /**
   * The table as text.
   *
   * @param columns objects with name and type
   * @param rows arrays of values
   */
  static String of(JsonNode columns, JsonNode rows) {
    return of(columns, rows, "");
  }

  /**
   * The same.
   *
   * @param whole said behind the note that values are cut: where they are not
   */
  static String of(JsonNode columns, JsonNode rows, String whole) {
    TextTable table = new TextTable();
    for (JsonNode column : columns) {
      String name = table.cell(column.path("name").asText());
      table.names.add(name);
      table.widths.add(CellText.width(name));
      table.numeric.add(
          column
              .path("type")
              .asText()
              .matches("(?i)(u?(tiny|small|big|huge)?int(eger)?|double|float|decimal.*)"));
    }
    for (JsonNode row : rows) {
      table.add(row);
    }
    return table.render(whole);
  }

  private void add(JsonNode row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      JsonNode value = row.path(i);
      String cell = value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
      String shown = cell(cell);
      cells.add(shown);
      widths.set(i, Math.max(widths.get(i), CellText.width(shown)));
    }
    lines.add(cells);
  }

  private String cell(String text) {
    String shown = CellText.of(text, WIDEST);
    if (shown.endsWith("...") && !shown.equals(CellText.of(text, Integer.MAX_VALUE))) {
      cut = true;
    }
    return shown;
  }

  private String render(String whole) {
    StringBuilder text = new StringBuilder();
    line(text, names);
    line(text, widths.stream().map("-"::repeat).toList());
    lines.forEach(cells -> line(text, cells));
    text.append("(").append(lines.size()).append(lines.size() == 1 ? " row)\n" : " rows)\n");
    if (cut) {
      text.append("(what is wider than ")
          .append(WIDEST)
          .append(" characters is cut")
          .append(whole)
          .append(")\n");
    }
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(widths.get(i) - CellText.width(cells.get(i)));
      line.append(i == 0 ? "" : "  ");
      line.append(numeric.get(i) ? padding + cells.get(i) : cells.get(i) + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
