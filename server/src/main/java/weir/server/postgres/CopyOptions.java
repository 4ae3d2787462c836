package weir.server.postgres;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import weir.query.postgres.SqlToken;

/** The options of COPY, as they are written today and as they were before PostgreSQL 9. */
final class CopyOptions {
  private static final Set<String> KNOWN =
      Set.of("format", "delimiter", "null", "header", "quote", "escape", "encoding", "freeze");

  private CopyOptions() {}

  static Map<String, String> of(List<SqlToken> tokens) throws PostgresException {
    int from = !tokens.isEmpty() && tokens.getFirst().is("with") ? 1 : 0;
    List<SqlToken> options = tokens.subList(from, tokens.size());
    boolean listed = !options.isEmpty() && options.getFirst().is("(");
    return listed ? listed(options.subList(1, options.size() - 1)) : old(options);
  }

  private static Map<String, String> listed(List<SqlToken> options) throws PostgresException {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < options.size(); i++) {
      String name = known(options.get(i));
      boolean valued = i + 1 < options.size() && !options.get(i + 1).is(",");
      values.put(name, valued ? value(options.get(++i)) : "true");
      if (i + 1 < options.size() && !options.get(++i).is(",")) {
        throw new PostgresException("42601", "syntax error in the options of COPY");
      }
    }
    return values;
  }

  private static Map<String, String> old(List<SqlToken> options) throws PostgresException {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < options.size(); i++) {
      SqlToken option = options.get(i);
      if (option.is("csv") || option.is("binary")) {
        values.put("format", option.name());
      } else if (option.is("header")) {
        values.put("header", "true");
      } else {
        String name = known(option);
        i += i + 1 < options.size() && options.get(i + 1).is("as") ? 2 : 1;
        if (i >= options.size()) {
          throw new PostgresException("42601", "COPY option \"" + name + "\" needs a value");
        }
        values.put(name, value(options.get(i)));
      }
    }
    return values;
  }

  private static String known(SqlToken option) throws PostgresException {
    String name = option.name().toLowerCase(Locale.ROOT);
    if (!KNOWN.contains(name)) {
      throw new PostgresException("42601", "option \"" + name + "\" of COPY is not understood");
    }
    return name;
  }

  private static String value(SqlToken token) {
    String text = token.content();
    return text.startsWith("E'") || text.startsWith("e'")
        ? text.substring(2, text.length() - 1).replace("\\t", "\t").replace("\\\\", "\\")
        : text;
  }
}
