package weir.query.postgres;

import java.util.List;
import java.util.Set;

/** Finds where the operands of operators begin and end among the tokens of a statement. */
final class Operands {
  /** Words that no operand goes on with. */
  private static final Set<String> ENDS =
      Set.of(
          "and",
          "or",
          "then",
          "else",
          "end",
          "when",
          "order",
          "group",
          "having",
          "limit",
          "offset",
          "union",
          "intersect",
          "except",
          "fetch",
          "window",
          "for",
          "as",
          "from",
          "where",
          "is",
          "isnull",
          "notnull",
          "not",
          "between",
          "in",
          "like",
          "ilike",
          "similar",
          "escape",
          "on",
          "using",
          "join",
          "left",
          "right",
          "inner",
          "full",
          "cross",
          "natural",
          "asc",
          "desc",
          "nulls",
          "qualify",
          "collate");

  /** Words that an operand comes after. */
  private static final Set<String> BEGINS =
      Set.of(
          "select",
          "distinct",
          "where",
          "and",
          "or",
          "not",
          "on",
          "having",
          "when",
          "then",
          "else",
          "case",
          "by",
          "qualify",
          "limit",
          "offset",
          "returning");

  private static final Set<String> COMPARISONS = Set.of("=", "<", ">", "<=", ">=", "<>", "!=");

  private final List<SqlToken> tokens;

  Operands(List<SqlToken> tokens) {
    this.tokens = tokens;
  }

  boolean is(int index, String wanted) {
    return index >= 0 && index < tokens.size() && tokens.get(index).is(wanted);
  }

  /** The index of the parenthesis or bracket that closes this one; the last token if none does. */
  int closing(int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (opens(i)) {
        depth++;
      } else if (closes(i) && --depth == 0) {
        return i;
      }
    }
    return tokens.size() - 1;
  }

  private boolean opens(int index) {
    return is(index, "(") || is(index, "[") || is(index, "{");
  }

  private boolean closes(int index) {
    return is(index, ")") || is(index, "]") || is(index, "}");
  }

  /** The last token of the right operand, which begins here, of LIKE and what binds as loosely. */
  int end(int first) {
    int at = first;
    boolean whole = false;
    while (at < tokens.size() && !endsAt(at, whole)) {
      if (opens(at)) {
        at = closing(at);
        whole = true;
      } else if (is(at, "case")) {
        at = endOfCase(at);
        whole = true;
      } else {
        whole = completes(at);
      }
      at++;
    }
    return Math.max(first, at - 1);
  }

  private boolean completes(int index) {
    return switch (tokens.get(index).kind()) {
      case OPERATOR -> false;
      case PUNCTUATION -> closes(index);
      default -> true;
    };
  }

  private boolean endsAt(int index, boolean afterWhole) {
    SqlToken token = tokens.get(index);
    return switch (token.kind()) {
      case PUNCTUATION -> closes(index) || token.is(",") || token.is(";");
      case OPERATOR -> COMPARISONS.contains(token.text());
      case WORD ->
          ENDS.contains(token.name()) || afterWhole && !is(index - 1, ".") && !typed(index);
      case QUOTED, STRING, NUMBER, PARAMETER -> afterWhole && !typed(index);
    };
  }

  /** Whether it follows a type's name or {@code ::}, as in {@code date '2024-01-01'}. */
  private boolean typed(int index) {
    return is(index - 1, "::")
        || tokens.get(index).kind() == SqlToken.Kind.STRING
            && index > 0
            && tokens.get(index - 1).kind() == SqlToken.Kind.WORD;
  }

  private int endOfCase(int from) {
    int depth = 0;
    for (int i = from; i < tokens.size(); i++) {
      if (is(i, "case")) {
        depth++;
      } else if (is(i, "end") && --depth == 0) {
        return i;
      }
    }
    return tokens.size() - 1;
  }

  /** The first token of the name, call or parenthesis that ends here. */
  int start(int last) {
    int at = last;
    if (closes(at)) {
      at = opening(at);
      if (at == 0 || !tokens.get(at - 1).isName()) {
        return at;
      }
      at--;
    }
    while (at >= 2 && is(at - 1, ".") && tokens.get(at - 2).isName()) {
      at -= 2;
    }
    return at;
  }

  /** The first token of the left operand, which ends here, of LIKE and what binds as loosely. */
  int begin(int last) {
    int at = last;
    while (at >= 0 && !beginsAfter(at)) {
      at = closes(at) ? opening(at) : at;
      at--;
    }
    return at + 1;
  }

  private int opening(int close) {
    int depth = 0;
    for (int at = close; at > 0; at--) {
      if (closes(at)) {
        depth++;
      } else if (opens(at) && --depth == 0) {
        return at;
      }
    }
    return 0;
  }

  private boolean beginsAfter(int index) {
    SqlToken token = tokens.get(index);
    return switch (token.kind()) {
      case PUNCTUATION -> opens(index) || token.is(",") || token.is(";");
      case OPERATOR -> COMPARISONS.contains(token.text());
      case WORD -> BEGINS.contains(token.name()) && !is(index - 1, ".");
      case QUOTED, STRING, NUMBER, PARAMETER -> false;
    };
  }

  /** The first token of what ends here, its casts included: {@code (a)::json::text}. */
  int castStart(int last) {
    int at = start(last);
    while (is(at - 1, "::") && at >= 2) {
      at = start(at - 2);
    }
    return at;
  }

  /** The last token of a constant, name, call or parenthesis that begins here, with its casts. */
  int castEnd(int first) {
    boolean call = tokens.get(first).isName() && (is(first + 1, "(") || is(first + 1, "["));
    int at = call ? closing(first + 1) : opens(first) ? closing(first) : first;
    while (is(at + 1, "::") && at + 2 < tokens.size()) {
      at += 2;
      if (is(at + 1, "[") && is(at + 2, "]")) {
        at += 2;
      }
    }
    return at;
  }

  /** Whether this FROM is one of {@code is distinct from}. */
  boolean isDistinctFrom(int at) {
    return is(at, "from") && is(at - 1, "distinct") && (is(at - 2, "is") || is(at - 2, "not"));
  }

  /** Whether what begins here is a column, or a part of one, of the SELECT that it stands in. */
  boolean isSelected(int first) {
    for (int at = first - 1; at >= 0; at--) {
      if (closes(at)) {
        at = opening(at);
      } else if (opens(at) || is(at, ";")) {
        return false;
      } else if (is(at, "select")) {
        return true;
      } else if (ENDS.contains(tokens.get(at).name()) && !is(at, "as")) {
        return false;
      }
    }
    return false;
  }

  /** The one minus between two operands that have no sum outside of parentheses; -1 if not so. */
  int onlyMinus(int first, int last) {
    int minus = -1;
    for (int at = first; at <= last; at++) {
      if (opens(at)) {
        at = closing(at);
      } else if (is(at, ",") || is(at, "+") || is(at, "case") || is(at, "interval")) {
        return -1;
      } else if (is(at, "-")) {
        if (minus >= 0 || at == first || at == last) {
          return -1;
        }
        minus = at;
      }
    }
    return minus;
  }

  /** Where each argument of a call begins; empty if it has none. */
  List<Integer> arguments(int parenthesis) {
    int close = closing(parenthesis);
    if (close == parenthesis + 1) {
      return List.of();
    }
    List<Integer> starts = new java.util.ArrayList<>();
    starts.add(parenthesis + 1);
    for (int i = parenthesis + 1; i < close; i++) {
      if (opens(i)) {
        i = closing(i);
      } else if (is(i, ",")) {
        starts.add(i + 1);
      }
    }
    return starts;
  }
}
