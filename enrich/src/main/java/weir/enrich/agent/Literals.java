package weir.enrich.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Texts of which one must be in whatever a regular expression finds, so that most expressions need
 * not be tried: the longest literal run of each alternative that is not optional. As cautious as it
 * is simple: where it does not understand an expression it knows none, and the expression is always
 * tried.
 *
 * <p>All in lower case, so that expressions that ignore case are served too.
 */
final class Literals {
  private static final int SHORTEST = 2;

  private final String regex;
  private int at;
  private boolean understood = true;

  private Literals(String regex) {
    this.regex = regex;
  }

  /** Alternatives, each with its best literal; empty if there is none for one of them. */
  static List<String> of(String regex) {
    Literals reading = new Literals(regex);
    List<String> found = reading.alternatives();
    return reading.understood && reading.at == regex.length() ? found : List.of();
  }

  /** Up to the group's end: what one of the alternatives needs; empty if one needs nothing. */
  private List<String> alternatives() {
    List<String> all = new ArrayList<>();
    boolean each = true;
    while (true) {
      List<String> one = sequence();
      each &= !one.isEmpty();
      all.addAll(one);
      if (at < regex.length() && regex.charAt(at) == '|') {
        at++;
      } else {
        return each ? all : List.of();
      }
    }
  }

  /** Up to an alternative's end: the best of what stands there one after the other. */
  private List<String> sequence() {
    List<String> best = List.of();
    StringBuilder run = new StringBuilder();
    while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
      char c = regex.charAt(at);
      List<String> group = List.of();
      String literal = "";
      if (c == '(') {
        group = group();
      } else if (c == '[') {
        skipClass();
      } else if (c == '\\') {
        literal = escaped();
      } else {
        at++;
        literal = "^$.".indexOf(c) >= 0 ? "" : String.valueOf(c);
        understood &= "*+?{".indexOf(c) < 0;
      }
      boolean optional = quantified();
      boolean anchor = c == '^' || c == '$' || (c == '\\' && literal.isEmpty() && isBoundary());
      if (!literal.isEmpty() && !optional && !repeated) {
        run.append(literal);
      } else {
        if (!literal.isEmpty() && !optional) {
          run.append(literal);
        }
        if (!anchor) {
          best = better(best, run);
          run.setLength(0);
        }
        if (!optional && !group.isEmpty()) {
          best = better(best, group);
        }
      }
    }
    return better(best, run);
  }

  private boolean repeated;
  private char escape;

  private boolean isBoundary() {
    return escape == 'b' || escape == 'B';
  }

  private static List<String> better(List<String> best, StringBuilder run) {
    return run.length() < SHORTEST
        ? best
        : better(best, List.of(run.toString().toLowerCase(Locale.ROOT)));
  }

  /** The alternatives whose shortest text is longer find less by mistake. */
  private static List<String> better(List<String> best, List<String> other) {
    return best.isEmpty() || shortest(other) > shortest(best) ? other : best;
  }

  private static int shortest(List<String> texts) {
    return texts.stream().mapToInt(String::length).min().orElse(0);
  }

  private List<String> group() {
    at++;
    boolean looks = false;
    if (regex.startsWith("?:", at)) {
      at += 2;
    } else if (regex.startsWith("?i:", at)) {
      at += 3;
    } else if (regex.startsWith("?i)", at)) {
      at += 3;
      return List.of();
    } else if (regex.startsWith("?", at)) {
      looks = true;
      at += regex.startsWith("?<", at) ? 3 : 2;
    }
    List<String> inside = alternatives();
    if (at < regex.length() && regex.charAt(at) == ')') {
      at++;
    } else {
      understood = false;
    }
    return looks ? List.of() : inside;
  }

  private void skipClass() {
    at++;
    if (at < regex.length() && regex.charAt(at) == '^') {
      at++;
    }
    if (at < regex.length() && regex.charAt(at) == ']') {
      at++;
    }
    while (at < regex.length() && regex.charAt(at) != ']') {
      understood &= regex.charAt(at) != '[';
      at += regex.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
    understood &= at <= regex.length();
  }

  private String escaped() {
    if (at + 1 >= regex.length()) {
      understood = false;
      at++;
      return "";
    }
    escape = regex.charAt(at + 1);
    at += 2;
    if (Character.isLetterOrDigit(escape)) {
      understood &= "dDwWsSbB".indexOf(escape) >= 0;
      return "";
    }
    return String.valueOf(escape);
  }

  /** Passes a quantifier; whether what it stands behind may be missing. */
  private boolean quantified() {
    repeated = false;
    if (at >= regex.length()) {
      return false;
    }
    boolean optional = false;
    switch (regex.charAt(at)) {
      case '?', '*' -> {
        optional = true;
        at++;
      }
      case '+' -> {
        repeated = true;
        at++;
      }
      case '{' -> {
        int end = regex.indexOf('}', at);
        if (end < 0) {
          understood = false;
          return false;
        }
        optional = regex.startsWith("{0", at) || regex.startsWith("{,", at);
        repeated = true;
        at = end + 1;
      }
      default -> {
        return false;
      }
    }
    if (at < regex.length() && (regex.charAt(at) == '?' || regex.charAt(at) == '+')) {
      at++;
    }
    return optional;
  }
}
