package weir.tap;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads conditions as they stand behind WHERE in SQL: names beside values with {@code = <> < <= >
 * >=}, LIKE, IN, BETWEEN and IS NULL, joined by AND, OR, NOT and parentheses.
 */
public final class ConditionParser {
  private static final int LONGEST = 10_000;
  private static final int DEEPEST = 100;
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<text>'[^']*+(?:''[^']*+)*+')|(?<quoted>\"[^\"]*+(?:\"\"[^\"]*+)*+\")"
              + "|(?<number>-?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,4})?)"
              + "|(?<word>[\\p{L}_$][\\p{L}\\p{N}_$.]*)"
              + "|(?<sign><>|!=|<=|>=|[=<>(),]))");

  private enum Kind {
    TEXT,
    QUOTED,
    NUMBER,
    WORD,
    SIGN,
    END
  }

  private record Token(Kind kind, String text, int at) {}

  private final List<Token> tokens;
  private final UnaryOperator<String> names;
  private int next;
  private int depth;

  private ConditionParser(List<Token> tokens, UnaryOperator<String> names) {
    this.tokens = tokens;
    this.names = names;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying where it is wrong
   */
  public static Condition parse(String text) {
    return parse(text, UnaryOperator.identity());
  }

  /**
   * Reads one.
   *
   * @param names what each name that it mentions is called here
   * @throws IllegalArgumentException saying where it is wrong
   */
  public static Condition parse(String text, UnaryOperator<String> names) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("a condition may have " + LONGEST + " characters");
    }
    ConditionParser parser = new ConditionParser(tokens(text), names);
    Condition condition = parser.any();
    parser.require(parser.peek().kind() == Kind.END, "and, or, or its end");
    return condition;
  }

  private static List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    int end = text.stripTrailing().length();
    while (at < end) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new IllegalArgumentException("not understood from '" + text.substring(at) + "' on");
      }
      for (Kind kind : Kind.values()) {
        String found =
            kind == Kind.END ? null : matcher.group(kind.name().toLowerCase(Locale.ROOT));
        if (found != null) {
          tokens.add(new Token(kind, found, at));
        }
      }
      at = matcher.end();
    }
    tokens.add(new Token(Kind.END, "its end", end));
    return tokens;
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = peek();
    next += token.kind() == Kind.END ? 0 : 1;
    return token;
  }

  private boolean takes(String word) {
    Token token = peek();
    boolean is =
        (token.kind() == Kind.WORD || token.kind() == Kind.SIGN)
            && token.text().equalsIgnoreCase(word);
    next += is ? 1 : 0;
    return is;
  }

  private void require(boolean is, String expected) {
    if (!is) {
      throw new IllegalArgumentException(
          "at character "
              + (peek().at() + 1)
              + " stands "
              + peek().text()
              + " instead of "
              + expected);
    }
  }

  private Condition any() {
    List<Condition> all = new ArrayList<>(List.of(all()));
    while (takes("or")) {
      all.add(all());
    }
    return all.size() == 1 ? all.getFirst() : new Condition.Any(all);
  }

  private Condition all() {
    List<Condition> all = new ArrayList<>(List.of(one()));
    while (takes("and")) {
      all.add(one());
    }
    return all.size() == 1 ? all.getFirst() : new Condition.All(all);
  }

  private Condition one() {
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("conditions may stand " + DEEPEST + " deep in each other");
    }
    try {
      if (takes("not")) {
        return new Condition.Not(one());
      }
      if (takes("(")) {
        Condition inner = any();
        require(takes(")"), ")");
        return inner;
      }
      return predicate();
    } finally {
      depth--;
    }
  }

  private Condition predicate() {
    String name = name();
    if (takes("is")) {
      boolean not = takes("not");
      require(takes("null"), "null");
      Condition isNull = new Condition.IsNull(name);
      return not ? new Condition.Not(isNull) : isNull;
    }
    boolean not = takes("not");
    Optional<Condition> listed = listed(name);
    if (listed.isPresent()) {
      return not ? new Condition.Not(listed.get()) : listed.get();
    }
    require(!not, "like, in or between");
    Optional<Condition.Sign> sign = Condition.Sign.written(peek().text());
    require(peek().kind() == Kind.SIGN && sign.isPresent(), "a comparison");
    take();
    return new Condition.Comparison(name, sign.orElseThrow(), value());
  }

  private Optional<Condition> listed(String name) {
    if (takes("like")) {
      require(peek().kind() == Kind.TEXT, "a pattern in single quotes");
      return Optional.of(new Condition.Like(name, (String) value()));
    }
    if (takes("in")) {
      require(takes("("), "(");
      List<Object> values = new ArrayList<>(List.of(value()));
      while (takes(",")) {
        values.add(value());
      }
      require(takes(")"), ", or )");
      return Optional.of(new Condition.In(name, values));
    }
    if (takes("between")) {
      Object least = value();
      require(takes("and"), "and");
      return Optional.of(
          new Condition.All(
              List.of(
                  new Condition.Comparison(name, Condition.Sign.AT_LEAST, least),
                  new Condition.Comparison(name, Condition.Sign.AT_MOST, value()))));
    }
    return Optional.empty();
  }

  private String name() {
    Token token = peek();
    require(token.kind() == Kind.WORD || token.kind() == Kind.QUOTED, "a name");
    take();
    return names.apply(token.kind() == Kind.QUOTED ? unquoted(token.text(), "\"") : token.text());
  }

  private Object value() {
    Token token = peek();
    boolean isFlag =
        token.text().equalsIgnoreCase("true") || token.text().equalsIgnoreCase("false");
    require(
        token.kind() == Kind.TEXT
            || token.kind() == Kind.NUMBER
            || (token.kind() == Kind.WORD && isFlag),
        "a text in single quotes, a number, true or false");
    take();
    return switch (token.kind()) {
      case TEXT -> unquoted(token.text(), "'");
      case NUMBER -> new BigDecimal(token.text());
      default -> Boolean.valueOf(token.text());
    };
  }

  private static String unquoted(String text, String quote) {
    return text.substring(1, text.length() - 1).replace(quote + quote, quote);
  }
}
