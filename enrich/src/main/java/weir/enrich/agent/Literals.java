package weir.enrich.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Texts that must be in whatever a regular expression finds, so that most expressions need not be
 * tried: the runs of literal characters that are not optional, and of a group of alternatives one
 * for each. As cautious as it is simple: where it does not understand an expression it knows none,
 * and the expression is always tried.
 *
 * <p>All in lower case, so that expressions that ignore case are served too.
 */
final class Literals {
  private static final int SHORTEST = 2;

  private final String regex;
  private int at;
  private boolean understood = true;

  /** Whether what was read last may stand there more than once. */
  private boolean repeated;

  private Literals(String regex) {
    this.regex = regex;
  }

  /** Groups of texts: of each group one must be there. None if nothing is known. */
  static List<List<String>> of(String regex) {
    Literals reading = new Literals(regex);
    List<List<String>> found = reading.alternatives();
    return reading.understood && reading.at == regex.length() ? found : List.of();
  }

  /** Up to the group's end. */
  private List<List<String>> alternatives() {
    List<List<List<String>>> all = new ArrayList<>();
    all.add(sequence());
    while (at < regex.length() && regex.charAt(at) == '|') {
      at++;
      all.add(sequence());
    }
    if (all.size() == 1) {
      return all.getFirst();
    }
    List<String> one = new ArrayList<>(); // of each alternative what is rarest
    for (List<List<String>> needed : all) {
      List<String> best = List.of();
      for (List<String> group : needed) {
        best = best.isEmpty() || shortest(group) > shortest(best) ? group : best;
      }
      if (best.isEmpty()) {
        return List.of();
      }
      one.addAll(best);
    }
    return List.of(one);
  }

  private static int shortest(List<String> texts) {
    return texts.stream().mapToInt(String::length).min().orElse(0);
  }

  /** Up to an alternative's end: all that stands there one after the other. */
  private List<List<String>> sequence() {
    List<List<String>> needed = new ArrayList<>();
    StringBuilder run = new StringBuilder();
    while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
      List<List<String>> group = List.of();
      int from = at;
      String literal = "";
      switch (regex.charAt(at)) {
        case '(' -> group = group();
        case '[' -> literal = oneOf();
        case '\\' -> literal = escaped();
        case '.' -> at++;
        case '^', '$' -> at++;
        case '*', '+', '?', '{' -> understood = false;
        default -> literal = String.valueOf(regex.charAt(at++));
      }
      if (!understood) {
        at = regex.length();
        return List.of();
      }
      boolean takesNoRoom = isAnchor(from);
      boolean optional = quantified();
      if (!optional) {
        run.append(literal);
      }
      boolean breaks = literal.isEmpty() || optional || repeated;
      if (breaks && !takesNoRoom) {
        add(run, needed);
        if (!optional) {
          needed.addAll(group);
        }
      }
    }
    add(run, needed);
    return needed;
  }

  private static void add(StringBuilder run, List<List<String>> needed) {
    if (run.length() >= SHORTEST) {
      needed.add(List.of(run.toString().toLowerCase(Locale.ROOT)));
    }
    run.setLength(0);
  }

  private boolean isAnchor(int from) {
    char c = regex.charAt(from);
    boolean boundary = regex.startsWith("\\b", from) || regex.startsWith("\\B", from);
    return c == '^' || c == '$' || boundary;
  }

  private List<List<String>> group() {
    at++;
    boolean looks = false;
    if (regex.startsWith("?:", at)) {
      at += 2;
    } else if (regex.startsWith("?i:", at) || regex.startsWith("?i)", at)) {
      boolean whole = regex.charAt(at + 2) == ')';
      at += 3;
      if (whole) {
        return List.of();
      }
    } else if (regex.startsWith("?", at)) {
      looks = true;
      at += regex.startsWith("?<", at) ? 3 : 2;
    }
    List<List<String>> inside = alternatives();
    if (at < regex.length() && regex.charAt(at) == ')') {
      at++;
    } else {
      understood = false;
    }
    return looks ? List.of() : inside;
  }

  /** The letter of a class that is one letter in both cases, as [Ss]; empty for all others. */
  private String oneOf() {
    int from = ++at;
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
    if (at > regex.length()) {
      understood = false;
      return "";
    }
    String members = regex.substring(from, at - 1);
    boolean oneLetter =
        members.length() == 2
            && Character.isLetter(members.charAt(0))
            && members.charAt(0) != members.charAt(1)
            && Character.toLowerCase(members.charAt(0)) == Character.toLowerCase(members.charAt(1));
    return oneLetter ? members.substring(0, 1) : "";
  }

  private String escaped() {
    if (at + 1 >= regex.length()) {
      understood = false;
      return "";
    }
    char escape = regex.charAt(at + 1);
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
