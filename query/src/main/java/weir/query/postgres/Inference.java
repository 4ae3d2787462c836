package weir.query.postgres;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
