package weir.enrich.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The rules of the ua-parser project (uap-core's regexes.yaml, as its specification reads them):
 * the first rule that matches says the family, the others fill in. Safe for use by several threads.
 */
final class UapRules {
  private final List<Rule> browsers;
  private final List<Rule> systems;
  private final List<Rule> devices;

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

  private UapRules(List<Rule> browsers, List<Rule> systems, List<Rule> devices) {
    this.browsers = browsers;
    this.systems = systems;
    this.devices = devices;
  }

  /** Those that are shipped. */
  static UapRules load() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(UapRules.class.getResourceAsStream("uap-regexes.yaml"))) {
      LoadSettings settings = LoadSettings.builder().setCodePointLimit(8 << 20).build();
      Map<?, ?> all = (Map<?, ?>) new Load(settings).loadFromInputStream(file);
      return new UapRules(
          rules(
              all,
              "user_agent_parsers",
              false,
              "family_replacement",
              "v1_replacement",
              "v2_replacement",
              "v3_replacement"),
          rules(
              all,
              "os_parsers",
              false,
              "os_replacement",
              "os_v1_replacement",
              "os_v2_replacement",
              "os_v3_replacement",
              "os_v4_replacement"),
          rules(
              all,
              "device_parsers",
              true,
              "device_replacement",
              "brand_replacement",
              "model_replacement"));
    }
  }

  private static List<Rule> rules(
      Map<?, ?> all, String section, boolean ofDevice, String... names) {
    List<Rule> rules = new ArrayList<>();
    for (Object each : (List<?>) Objects.requireNonNull(all.get(section), section)) {
      Map<?, ?> written = (Map<?, ?>) each;
      @Nullable String[] replacements = new String[names.length];
      for (int i = 0; i < names.length; i++) {
        Object replacement = written.get(names[i]);
        replacements[i] = replacement == null ? null : replacement.toString();
      }
      int flags = "i".equals(written.get("regex_flag")) ? Pattern.CASE_INSENSITIVE : 0;
      String regex = Objects.requireNonNull(written.get("regex"), section).toString();
      rules.add(new Rule(new Expression(regex, flags), replacements, ofDevice));
    }
    return List.copyOf(rules);
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
