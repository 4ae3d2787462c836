package weir.query.postgres;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks through a statement for what must be known before it is translated word by word. */
final class Rewrites {
  private static final Map<String, String> LIKES =
      Map.of("~~", "LIKE", "!~~", "NOT LIKE", "~~*", "ILIKE", "!~~*", "NOT ILIKE");

  private static final Set<String> REGULAR = Set.of("~", "!~", "~*", "!~*");

  /** Words after which a list of tables is at an end. */
  private static final Set<String> AFTER_FROM =
      Set.of(
          "where",
          "group",
          "order",
          "having",
          "limit",
          "offset",
          "union",
          "intersect",
          "except",
          "window",
          "select",
          "qualify",
          "fetch");

  private static final String TABLE_ID = "(SELECT oid FROM pg_class WHERE relname = regclass_name";
  private static final String TABLE_NAME = "(SELECT relname FROM pg_class WHERE oid = (";

  private static final Set<String> WORDS_BEFORE_PARENTHESIS =
      Set.of("lateral", "select", "values", "table", "with", "on", "using", "in", "exists");

  private final List<SqlToken> tokens;
  private final Operands operands;
  private final Edits edits = new Edits();
  private final Calls calls;
  private final Deque<Boolean> from = new ArrayDeque<>();

  private Rewrites(List<SqlToken> tokens) {
    this.tokens = tokens;
    this.operands = new Operands(tokens);
    this.calls = new Calls(tokens, operands, edits);
  }

  static Edits of(List<SqlToken> tokens) {
    Rewrites rewrites = new Rewrites(tokens);
    OutputNames.note(tokens, rewrites.operands, rewrites.edits);
    rewrites.from.push(false);
    for (int i = 0; i < tokens.size(); i++) {
      rewrites.look(i);
    }
    return rewrites.edits;
  }

  private boolean is(int index, String wanted) {
    return index >= 0 && index < tokens.size() && tokens.get(index).is(wanted);
  }

  private void look(int at) {
    SqlToken token = tokens.get(at);
    switch (token.kind()) {
      case WORD -> word(at, token);
      case OPERATOR -> operator(at, token.text());
      case PUNCTUATION -> {
        if (token.is("(")) {
          from.push(false);
        } else if (token.is(")") && from.size() > 1) {
          from.pop();
        } else if (token.is("::")) {
          cast(at);
        }
      }
      case QUOTED, STRING, NUMBER, PARAMETER -> {}
    }
  }

  private void word(int at, SqlToken token) {
    String word = token.name();
    if (word.equals("like") || word.equals("ilike")) {
      if (isAnyOf(at + 1)) {
        likeAnyOf(is(at - 1, "not") ? at - 2 : at - 1, at + 1);
      } else {
        like(at + 1);
      }
    } else if (word.equals("similar") && is(at + 1, "to")) {
      similar(at + 2);
    } else if (AFTER_FROM.contains(word)) {
      setFrom(false);
    } else if (word.equals("from") && !isOfCall(at)) {
      setFrom(true);
    }
    if (!is(at + 1, "(") || is(at - 1, ".") && !is(at - 2, "pg_catalog")) {
      return;
    }
    int before = is(at - 1, ".") ? at - 3 : at - 1;
    boolean isTable =
        Boolean.TRUE.equals(from.peek())
            && (is(before, "from")
                || is(before, "join")
                || is(before, ",")
                || is(before, "lateral"))
            && !WORDS_BEFORE_PARENTHESIS.contains(word);
    if (isTable) {
      calls.inFrom(at);
    } else if (word.equals("generate_series") && operands.isSelected(at)) {
      calls.asRows(at);
    }
    if (word.equals("cast")) {
      castToTable(at);
    }
    calls.call(at);
  }

  private boolean isText(int from, int to) {
    return tokens.subList(from, to).stream()
        .anyMatch(token -> token.kind() == SqlToken.Kind.STRING);
  }

  /** {@code CAST(text AS regclass)} */
  private void castToTable(int at) {
    int close = operands.closing(at + 1);
    boolean named = is(close - 1, "regclass") && is(close - 2, "as");
    if (named && isText(at + 1, close)) {
      edits.replace(at, TABLE_ID);
      edits.drop(close - 2, close - 1);
      edits.after(close, ")");
    }
  }

  private void setFrom(boolean isFrom) {
    from.pop();
    from.push(isFrom);
  }

  /** Whether FROM is one of {@code extract(year from ...)}, or of {@code is distinct from}. */
  private boolean isOfCall(int at) {
    if (operands.isDistinctFrom(at)) {
      return true;
    }
    int depth = 0;
    for (int i = at - 1; i > 0; i--) {
      if (is(i, ")")) {
        depth++;
      } else if (is(i, "(") && depth-- == 0) {
        String call = tokens.get(i - 1).name();
        return Set.of("extract", "substring", "trim", "overlay").contains(call);
      }
    }
    return false;
  }

  private void operator(int at, String text) {
    String like = LIKES.get(text);
    boolean named = is(at + 1, ")") && (is(at - 1, "(") || is(at - 1, "."));
    int operand = named ? at + 2 : at + 1;
    if (text.equals("#>") || text.equals("#>>")) {
      path(at, text.equals("#>") ? "json_extract(" : "json_extract_string(");
    } else if (like != null && isAnyOf(operand)) {
      edits.replace(at, like);
      likeAnyOf(at - 1, operand);
    } else if (like != null && !named) {
      if (like(operand)) {
        edits.replace(at, like);
      }
    } else if (REGULAR.contains(text) && operand < tokens.size()) {
      pattern(operand);
    }
  }

  /** A dot finds the end of a line too; not so in the engine. */
  private void pattern(int operand) {
    if (tokens.get(operand).kind() == SqlToken.Kind.STRING
        && tokens.get(operand).text().startsWith("'")) {
      edits.replace(operand, Translation.quoted("(?s)" + tokens.get(operand).content()));
    } else if (!is(operand, "any") && !is(operand, "all")) {
      edits.before(operand, "('(?s)' || ");
      edits.after(operands.end(operand), ")");
    }
  }

  /** The backslash takes the meaning from what follows it, unless another sign is named. */
  private boolean like(int operand) {
    if (operand >= tokens.size() || is(operand, "any") || is(operand, "all")) {
      return false;
    }
    int end = operands.end(operand);
    SqlToken only = tokens.get(operand);
    boolean plain =
        end == operand && only.kind() == SqlToken.Kind.STRING && only.text().indexOf('\\') < 0;
    if (plain || is(end + 1, "escape")) {
      return is(end + 1, "escape");
    }
    edits.after(end, " ESCAPE '\\'");
    return true;
  }

  private void similar(int operand) {
    if (operand < tokens.size()
        && tokens.get(operand).kind() == SqlToken.Kind.STRING
        && !is(operand + 1, "escape")) {
      String regular = SimilarPattern.regular(tokens.get(operand).content());
      edits.replace(operand, Translation.quoted(regular));
    }
  }

  private boolean isAnyOf(int index) {
    return (is(index, "any") || is(index, "some") || is(index, "all")) && is(index + 1, "(");
  }

  /**
   * {@code a LIKE ANY (b)}: the engine makes a list of it, and a function tells what that means.
   */
  private void likeAnyOf(int last, int any) {
    boolean rows = is(any + 2, "select") || is(any + 2, "values") || is(any + 2, "with");
    edits.before(operands.begin(last), is(any, "all") ? "pg_all([" : "pg_any([");
    edits.replace(any, "weir_pattern ESCAPE '\\' FOR weir_pattern IN" + (rows ? " array" : ""));
    edits.after(operands.closing(any + 1), "])");
  }

  /** {@code json #>> '{a,0}'}, by a JSON pointer. */
  private void path(int at, String function) {
    int operand = at + 1;
    if (at == 0 || operand >= tokens.size()) {
      return;
    }
    int end = operands.castEnd(operand);
    edits.before(operands.castStart(at - 1), function);
    edits.replace(at, ",");
    edits.after(end, ")");
    SqlToken path = tokens.get(operand);
    String text = path.kind() == SqlToken.Kind.STRING ? path.content() : "";
    if (text.startsWith("{") && text.endsWith("}")) {
      edits.replace(operand, Translation.quoted(pointer(text)));
      edits.drop(operand + 1, end);
    } else {
      edits.before(operand, "('/' || array_to_string(");
      edits.after(end, ", '/'))");
    }
  }

  private static String pointer(String array) {
    String inside = array.substring(1, array.length() - 1);
    return inside.isBlank()
        ? ""
        : Arrays.stream(inside.split(","))
            .map(part -> part.strip().replace("\"", ""))
            .map(part -> "/" + part.replace("~", "~0").replace("/", "~1"))
            .collect(Collectors.joining());
  }

  /** {@code oid::regtype} is the type's name, {@code oid::regclass} the table's. */
  private void cast(int at) {
    boolean qualified = is(at + 1, "pg_catalog");
    int type = qualified ? at + 3 : at + 1;
    if (at == 0 || tokens.get(at - 1).kind() == SqlToken.Kind.STRING) {
      return;
    }
    int first = operands.start(at - 1);
    if (is(type, "regclass")) {
      edits.before(first, isText(first, at) ? TABLE_ID + "(" : TABLE_NAME);
      edits.drop(at, type);
      edits.after(type, "))");
    } else if (is(type, "regtype") && !(is(type + 1, "::") && is(type + 2, "oid"))) {
      edits.before(first, "format_type(");
      edits.drop(at, type);
      edits.after(type, ", -1)");
    }
  }
}
