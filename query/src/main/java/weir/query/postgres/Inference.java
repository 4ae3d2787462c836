package weir.query.postgres;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds what parameters are by what is beside them. */
final class Inference {
  private static final Set<String> ARITHMETIC = Set.of("+", "-", "*", "/", "%");
  private static final Set<String> OVER_ARRAYS = Set.of("any", "all", "some");

  private Inference() {}

  private static boolean isArray(List<SqlToken> tokens, int parameter) {
    return parameter >= 2
        && parameter + 1 < tokens.size()
        && tokens.get(parameter).kind() == SqlToken.Kind.PARAMETER
        && tokens.get(parameter - 1).is("(")
        && tokens.get(parameter + 1).is(")")
        && OVER_ARRAYS.contains(tokens.get(parameter - 2).name());
  }

  /**
   * The types that parameters are cast to where they stand: {@code $1::t}, {@code CAST($1 AS t)}.
   */
  static Map<Integer, String> casts(List<SqlToken> tokens, String sql) {
    Map<Integer, String> casts = new TreeMap<>();
    for (int i = 0; i + 2 < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      boolean before = i >= 2 && tokens.get(i - 1).is("(") && tokens.get(i - 2).is("cast");
      if (token.kind() == SqlToken.Kind.PARAMETER
          && token.text().length() < 6
          && (tokens.get(i + 1).is("::") || before && tokens.get(i + 1).is("as"))) {
        int last = typeEnd(tokens, i + 2);
        String type = sql.substring(tokens.get(i + 2).start(), tokens.get(last).end());
        casts.putIfAbsent(Integer.parseInt(token.text(), 1, token.text().length(), 10), type);
      }
    }
    return casts;
  }

  /** The last token of a type: of its name, what is in brackets, and a zone. */
  static int typeEnd(List<SqlToken> tokens, int first) {
    int last = first;
    while (is(tokens, last + 1, ".") && last + 2 < tokens.size()) {
      last += 2;
    }
    if (is(tokens, last + 1, "precision") || is(tokens, last + 1, "varying")) {
      last++;
    }
    last = afterBrackets(tokens, last, "(", ")");
    boolean zone = is(tokens, last + 1, "with") || is(tokens, last + 1, "without");
    if (zone && is(tokens, last + 2, "time") && is(tokens, last + 3, "zone")) {
      last += 3;
    }
    return afterBrackets(tokens, last, "[", "]");
  }

  private static int afterBrackets(List<SqlToken> tokens, int last, String open, String close) {
    int end = last;
    while (is(tokens, end + 1, open)) {
      end++;
      while (end + 1 < tokens.size() && !tokens.get(end).is(close)) {
        end++;
      }
    }
    return end;
  }

  private static boolean is(List<SqlToken> tokens, int index, String wanted) {
    return index < tokens.size() && tokens.get(index).is(wanted);
  }

  static Set<Integer> arrays(List<SqlToken> tokens) {
    Set<Integer> arrays = new HashSet<>();
    for (int i = 2; i < tokens.size(); i++) {
      String text = tokens.get(i).text();
      if (isArray(tokens, i) && text.length() < 6) {
        arrays.add(Integer.parseInt(text, 1, text.length(), 10));
      }
    }
    return arrays;
  }

  private static boolean isArithmetic(List<SqlToken> tokens, int index) {
    return index > 0
        && index + 1 < tokens.size()
        && tokens.get(index).kind() == SqlToken.Kind.OPERATOR
        && ARITHMETIC.contains(tokens.get(index).text());
  }

  /** Makes operands comparisons, by which the engine finds the one's type from the other's. */
  static void note(List<SqlToken> tokens, Edits edits) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).kind() != SqlToken.Kind.PARAMETER) {
        continue;
      }
      if (isArray(tokens, i)) {
        edits.drop(i - 2, i - 2);
      } else if (isArithmetic(tokens, i - 1)) {
        edits.replace(i - 1, "=");
      } else if (isArithmetic(tokens, i + 1)) {
        edits.replace(i + 1, "=");
      }
    }
  }
}
