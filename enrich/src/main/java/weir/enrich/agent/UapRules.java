package weir.enrich.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the ua-parser project (uap-core's regexes.yaml, as its specification reads them):
 * the first rule that matches says the family, the others fill in. They are kept as a table, which
 * is read in a tenth of the time. Safe for use by several threads.
 */
final class UapRules {
  private final List<Rule> browsers = new ArrayList<>();
  private final List<Rule> systems = new ArrayList<>();
  private final List<Rule> devices = new ArrayList<>();

  /** A rule's parts: family, then version parts; or device, brand, model. Null ones are unknown. */
  private record Rule(Expression expression, @Nullable String[] replacements, boolean ofDevice) {
    @Nullable String @Nullable [] find(Probe probe, CharSequence text) {
      Matcher found = expression.find(probe, text);
      if (found == null) {
        return null;
      }
      @Nullable String[] parts = new String[replacements.length];
      for (int i = 0; i < parts.length; i++) {
        String replacement = replacements[i];
        int group = ofDevice ? (i == 1 ? 0 : 1) : i + 1;
        String part =
            replacement != null
                ? filled(replacement, found)
                : group > 0 && group <= found.groupCount() ? found.group(group) : null;
        parts[i] = part == null || part.isBlank() ? null : part.strip();
      }
      return parts;
    }

    private static String filled(String replacement, Matcher found) {
      if (replacement.indexOf('$') < 0) {
        return replacement;
      }
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < replacement.length(); i++) {
        char c = replacement.charAt(i);
        int group = c == '$' && i + 1 < replacement.length() ? replacement.charAt(i + 1) - '0' : -1;
        if (group >= 1 && group <= 9) {
          String value = group <= found.groupCount() ? found.group(group) : null;
          text.append(value == null ? "" : value);
          i++;
        } else {
          text.append(c);
        }
      }
      return text.toString();
    }
  }

  private UapRules(Stream<String> rows) {
    rows.forEach(this::add);
  }

  /** Those that are shipped. */
  static UapRules load() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(UapRules.class.getResourceAsStream("uap-regexes.tsv"))) {
      return new UapRules(new String(file.readAllBytes(), StandardCharsets.UTF_8).lines());
    }
  }

  private void add(String row) {
    String[] fields = row.split("\t", -1);
    boolean ofDevice = fields[0].equals("device");
    int flags = fields[1].equals("i") ? Pattern.CASE_INSENSITIVE : 0;
    @Nullable String[] replacements = new String[fields.length - 3];
    for (int i = 0; i < replacements.length; i++) {
      String replacement = fields[i + 3];
      replacements[i] = replacement.isEmpty() ? null : replacement;
    }
    List<Rule> rules = ofDevice ? devices : fields[0].equals("os") ? systems : browsers;
    rules.add(new Rule(new Expression(fields[2], flags), replacements, ofDevice));
  }

  /** All of them; for tests. */
  List<Expression> expressions() {
    return Stream.of(browsers, systems, devices)
        .flatMap(List::stream)
        .map(Rule::expression)
        .toList();
  }

  /** Family, major, minor, patch; null where no rule matches. */
  @Nullable String @Nullable [] browser(Probe probe, CharSequence text) {
    return first(browsers, probe, text);
  }

  /** Family, major, minor, patch, build; null where no rule matches. */
  @Nullable String @Nullable [] system(Probe probe, CharSequence text) {
    return first(systems, probe, text);
  }

  /** Device, brand, model; null where no rule matches. */
  @Nullable String @Nullable [] device(Probe probe, CharSequence text) {
    return first(devices, probe, text);
  }

  private static @Nullable String @Nullable [] first(
      List<Rule> rules, Probe probe, CharSequence text) {
    for (Rule rule : rules) {
      @Nullable String[] parts = rule.find(probe, text);
      if (parts != null) {
        return parts;
      }
    }
    return null;
  }
}
