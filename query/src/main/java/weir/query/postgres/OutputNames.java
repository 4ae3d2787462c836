package weir.query.postgres;

import java.util.List;
import java.util.Set;

/**
 * Gives columns that a SELECT leaves without a name the one that they have in PostgreSQL, where it
 * is that of a function or of a column that is cast: {@code ORDER BY count} finds it then, as does
 * who selects from it.
 */
final class OutputNames {
  /** Words that stand before a parenthesis and are no functions. */
  private static final Set<String> NO_FUNCTIONS =
      Set.of(
          "not", "case", "select", "values", "any", "all", "some", "interval", "generate_series");

  /** Words that end the columns of a SELECT. */
  private static final Set<String> AFTER_COLUMNS =
      Set.of(
          "from",
          "where",
          "group",
          "having",
          "window",
          "qualify",
          "order",
          "limit",
          "offset",
          "fetch",
          "for",
          "union",
          "intersect",
          "except",
          "into");

  private final List<SqlToken> tokens;
  private final Operands operands;
  private final Edits edits;

  private OutputNames(List<SqlToken> tokens, Operands operands, Edits edits) {
    this.tokens = tokens;
    this.operands = operands;
    this.edits = edits;
  }

  /** To be noted before all that comes behind a token for other reasons. */
  static void note(List<SqlToken> tokens, Operands operands, Edits edits) {
    OutputNames names = new OutputNames(tokens, operands, edits);
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).kind() == SqlToken.Kind.WORD && names.is(i, "select")) {
        names.columns(i + 1);
      }
    }
  }

  private boolean is(int index, String wanted) {
    return operands.is(index, wanted);
  }

  private void columns(int begin) {
    int first = begin;
    if (is(first, "distinct") || is(first, "all")) {
      first += is(first + 1, "on") ? operands.closing(first + 2) - first + 1 : 1;
    }
    int at = first;
    while (at < tokens.size() && !ends(at)) {
      if (is(at, "(") || is(at, "[") || is(at, "{")) {
        at = operands.closing(at);
      } else if (is(at, ",")) {
        column(first, at - 1);
        first = at + 1;
      }
      at++;
    }
    column(first, at - 1);
  }

  private boolean ends(int at) {
    SqlToken token = tokens.get(at);
    return is(at, ")")
        || is(at, "]")
        || is(at, "}")
        || is(at, ";")
        || token.kind() == SqlToken.Kind.WORD
            && AFTER_COLUMNS.contains(token.name())
            && !operands.isDistinctFrom(at)
            && !is(at - 1, ".");
  }

  private void column(int first, int last) {
    if (first > last || !tokens.get(first).isName()) {
      return;
    }
    int name = first;
    while (is(name + 1, ".") && name + 2 <= last && tokens.get(name + 2).isName()) {
      name += 2;
    }
    int behind = name + 1;
    boolean call = is(behind, "(");
    if (call) {
      if (NO_FUNCTIONS.contains(tokens.get(name).name())) {
        return;
      }
      behind = afterCall(operands.closing(behind) + 1, last);
      if (is(name, "cast")) {
        name = is(name + 3, "as") && tokens.get(name + 2).isName() ? name + 2 : -1;
      }
    }
    boolean cast = false;
    while (behind < last && is(behind, "::")) {
      behind = Inference.typeEnd(tokens, behind + 1) + 1;
      cast = true;
    }
    if (behind == last + 1 && name >= 0 && (call || cast && !isConstant(name))) {
      edits.after(last, " AS \"" + tokens.get(name).name().replace("\"", "\"\"") + "\"");
    }
  }

  private boolean isConstant(int index) {
    return is(index, "null") || is(index, "true") || is(index, "false");
  }

  /** Behind what belongs to a call of an aggregate or a window. */
  private int afterCall(int from, int last) {
    int at = from;
    while (at < last) {
      if (is(at, "filter") && is(at + 1, "(")) {
        at = operands.closing(at + 1) + 1;
      } else if (is(at, "over")) {
        at = is(at + 1, "(") ? operands.closing(at + 1) + 1 : at + 2;
      } else if (is(at, "within") && is(at + 1, "group")) {
        at = operands.closing(at + 2) + 1;
      } else if ((is(at, "ignore") || is(at, "respect")) && is(at + 1, "nulls")) {
        at += 2;
      } else {
        return at;
      }
    }
    return at;
  }
}
