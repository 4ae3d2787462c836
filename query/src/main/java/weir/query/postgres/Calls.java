package weir.query.postgres;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Functions that the engine names otherwise, or knows with other arguments. */
final class Calls {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("json_build_object", "json_object"),
          Map.entry("jsonb_build_object", "json_object"),
          Map.entry("json_build_array", "json_array"),
          Map.entry("jsonb_build_array", "json_array"),
          Map.entry("json_agg", "json_group_array"),
          Map.entry("jsonb_agg", "json_group_array"),
          Map.entry("json_object_agg", "json_group_object"),
          Map.entry("jsonb_object_agg", "json_group_object"),
          Map.entry("to_jsonb", "to_json"),
          Map.entry("row_to_json", "to_json"),
          Map.entry("every", "bool_and"));

  /** The parts of a pattern of {@code format}. */
  private static final Pattern SPECIFIER = Pattern.compile("%(?:%|(\\d+\\$)?(-?\\d*)([sIL]))");

  /** Functions that the engine has in FROM; others are put into a SELECT there. */
  private static final Set<String> OF_TABLES =
      Set.of(
          "generate_series",
          "range",
          "unnest",
          "json_each",
          "json_tree",
          "repeat_row",
          "pg_get_keywords",
          "pg_get_late_binding_view_cols");

  private final List<SqlToken> tokens;
  private final Operands operands;
  private final Edits edits;

  Calls(List<SqlToken> tokens, Operands operands, Edits edits) {
    this.tokens = tokens;
    this.operands = operands;
    this.edits = edits;
  }

  private boolean is(int index, String wanted) {
    return index >= 0 && index < tokens.size() && tokens.get(index).is(wanted);
  }

  /** Notes what is to be said otherwise of the call whose name this token is. */
  void call(int name) {
    SqlToken token = tokens.get(name);
    List<Integer> arguments = operands.arguments(name + 1);
    switch (token.name()) {
      case "format" -> format(name, arguments);
      case "to_char" -> toChar(name, arguments);
      case "to_timestamp" -> read(name, arguments, "to_timestamp_by");
      case "to_date" -> read(name, arguments, "to_date_by");
      case "extract" -> part(name, name + 2, "DECIMAL(18, 6)");
      case "date_part" -> part(name, name + 2, "DOUBLE");
      case "to_regclass" -> {
        if (isText(arguments, 0)) {
          String table = Translation.plainName(tokens.get(arguments.getFirst()).content());
          edits.replace(name, "");
          edits.replace(
              arguments.getFirst(),
              "SELECT oid FROM pg_class WHERE relname = " + Translation.quoted(table));
        }
      }
      default -> {
        String other = NAMES.get(token.name());
        if (other != null) {
          edits.replace(name, other);
        }
      }
    }
  }

  /** Seconds and their parts have fractions; in the engine they are whole. */
  private void part(int name, int field, String type) {
    if (field >= tokens.size()) {
      return;
    }
    SqlToken said = tokens.get(field);
    boolean text = said.kind() == SqlToken.Kind.STRING;
    String part = (text ? said.content() : said.name()).toLowerCase(Locale.ROOT);
    if (part.equals("epoch")) {
      epoch(name, field + 2);
      return;
    }
    String divisor =
        switch (part) {
          case "second", "seconds" -> "1000000.0";
          case "millisecond", "milliseconds" -> "1000.0";
          default -> "";
        };
    if (!divisor.isEmpty() && (is(field + 1, "from") || is(field + 1, ","))) {
      edits.before(name, "CAST(");
      edits.replace(field, text ? "'microseconds'" : "microseconds");
      edits.after(operands.closing(name + 1), " / " + divisor + " AS " + type + ")");
    }
  }

  /**
   * The seconds between two times: the engine's difference is one of local days, which are longer
   * or shorter where clocks change.
   */
  private void epoch(int name, int value) {
    int close = operands.closing(name + 1);
    int first = value;
    int last = close - 1;
    while (first < last && is(first, "(") && operands.closing(first) == last) {
      first++;
      last--;
    }
    int minus = operands.onlyMinus(first, last);
    if (minus < 0) {
      return;
    }
    edits.replace(name, "epoch_between");
    edits.drop(name + 2, first - 1);
    edits.replace(minus, ",");
    edits.drop(last + 1, close - 1);
  }

  /** A series that is selected is rows, not a list. */
  void asRows(int name) {
    int close = operands.closing(name + 1);
    boolean alone = is(name - 1, "select") || is(name - 1, ",");
    boolean unnamed =
        close + 1 >= tokens.size()
            || is(close + 1, ",")
            || is(close + 1, ")")
            || is(close + 1, ";")
            || is(close + 1, "from");
    edits.before(name, "unnest(");
    edits.after(close, alone && unnamed ? ") AS generate_series" : ")");
  }

  private boolean isText(List<Integer> arguments, int number) {
    if (number >= arguments.size()) {
      return false;
    }
    int first = arguments.get(number);
    return tokens.get(first).kind() == SqlToken.Kind.STRING
        && (is(first + 1, ",") || is(first + 1, ")"));
  }

  private void toChar(int name, List<Integer> arguments) {
    if (arguments.size() != 2 || !isText(arguments, 1)) {
      return;
    }
    int place = arguments.get(1);
    String pattern = tokens.get(place).content();
    if (DatePattern.isNumeric(pattern)) {
      edits.replace(name, "to_char_number");
      edits.replace(place, NumberPattern.of(pattern).arguments());
    } else {
      Optional<String> unknown = DatePattern.unknown(pattern);
      if (unknown.isPresent()) {
        String told = "to_char does not know " + unknown.get() + " here";
        edits.replace(name, "strftime");
        edits.replace(place, "error(" + Translation.quoted(told) + ")");
        return;
      }
      DatePattern dates = DatePattern.of(pattern, false);
      edits.replace(name, dates.marked() ? "to_char_marked" : "strftime");
      edits.replace(place, Translation.quoted(dates.text()));
    }
  }

  private void read(int name, List<Integer> arguments, String function) {
    if (arguments.size() == 2 && isText(arguments, 1)) {
      int place = arguments.get(1);
      edits.replace(name, function);
      String pattern = DatePattern.of(tokens.get(place).content(), true).text();
      edits.replace(place, Translation.quoted(pattern));
    }
  }

  private void format(int name, List<Integer> arguments) {
    if (arguments.isEmpty()) {
      return;
    }
    edits.replace(name, "printf");
    String kinds = "s".repeat(arguments.size() - 1);
    if (isText(arguments, 0)) {
      StringBuilder found = new StringBuilder(kinds);
      int place = arguments.getFirst();
      edits.replace(place, Translation.quoted(specifiers(tokens.get(place).content(), found)));
      kinds = found.toString();
    }
    for (int i = 1; i < arguments.size(); i++) {
      int first = arguments.get(i);
      int last =
          i + 1 < arguments.size() ? arguments.get(i + 1) - 2 : operands.closing(name + 1) - 1;
      wrap(first, last, kinds.charAt(i - 1));
    }
  }

  private void wrap(int first, int last, char kind) {
    switch (kind) {
      case 'I' -> {
        edits.before(first, "quote_ident(CAST(");
        edits.after(last, " AS VARCHAR))");
      }
      case 'L' -> {
        edits.before(first, "coalesce(quote_literal(CAST(");
        edits.after(last, " AS VARCHAR)), 'NULL')");
      }
      default -> {
        edits.before(first, "coalesce(CAST(");
        edits.after(last, " AS VARCHAR), '')");
      }
    }
  }

  /** The pattern with texts alone; notes what each argument is to be. */
  private static String specifiers(String pattern, StringBuilder kinds) {
    Matcher matcher = SPECIFIER.matcher(pattern);
    StringBuilder text = new StringBuilder();
    int next = 0;
    while (matcher.find()) {
      if (matcher.group(3) == null) {
        matcher.appendReplacement(text, "%%");
        continue;
      }
      String position = matcher.group(1);
      int argument =
          position == null ? next : Integer.parseInt(position, 0, position.length() - 1, 10) - 1;
      next = argument + 1;
      if (argument >= 0 && argument < kinds.length()) {
        kinds.setCharAt(argument, matcher.group(3).charAt(0));
      }
      String width = matcher.group(2);
      matcher.appendReplacement(
          text, Matcher.quoteReplacement("%" + (argument + 1) + "$" + width + "s"));
    }
    return matcher.appendTail(text).toString();
  }

  /** A call in FROM: one that gives a value is a table of one row there. */
  void inFrom(int name) {
    String function = tokens.get(name).name();
    int close = operands.closing(name + 1);
    if (OF_TABLES.contains(function)) {
      return;
    }
    int alias = is(close + 1, "as") ? close + 2 : close + 1;
    boolean named =
        alias < tokens.size()
            && tokens.get(alias).isName()
            && !Translation.AFTER_A_TABLE.contains(tokens.get(alias).name());
    String column = named ? tokens.get(alias).text() : tokens.get(name).text();
    edits.before(name, "(SELECT ");
    edits.after(close, " AS " + column + ")" + (named ? "" : " AS " + column));
  }
}
