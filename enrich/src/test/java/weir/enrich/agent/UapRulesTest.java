package weir.enrich.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The expectations of the ua-parser project itself, and of isbot. */
@EnabledIfEnvironmentVariable(
    named = "WEIR_TEST_DATA",
    matches = ".+",
    disabledReason = "skipped: WEIR_TEST_DATA names no folder with user agents")
class UapRulesTest {
  private static final double LEAST = 0.99;

  private final UserAgents agents = new UserAgents();

  private static Path file(String name) {
    return Path.of(System.getenv("WEIR_TEST_DATA"), "user-agents", name);
  }

  private static List<Map<?, ?>> cases(String name) throws IOException {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(64 << 20).build();
    try (var stream =
        new java.util.zip.GZIPInputStream(java.nio.file.Files.newInputStream(file(name)))) {
      Map<?, ?> all = (Map<?, ?>) new Load(settings).loadFromInputStream(stream);
      List<Map<?, ?>> cases = new ArrayList<>();
      ((List<?>) Objects.requireNonNull(all.get("test_cases")))
          .forEach(each -> cases.add((Map<?, ?>) each));
      return cases;
    }
  }

  private static List<String> parts(Map<?, ?> row, String... fields) {
    return Stream.of(fields).map(field -> Objects.toString(row.get(field), "")).toList();
  }

  private static List<String> parts(@Nullable String @Nullable [] found, int count) {
    @Nullable String[] parts = found == null ? new String[] {"Other"} : found;
    return Arrays.stream(Arrays.copyOf(parts, count)).map(p -> p == null ? "" : p).toList();
  }

  @Test
  void browsersAreThoseThatAreExpected() throws IOException {
    List<Map<?, ?>> cases = cases("uap_test_ua.yaml.gz");
    UapRules rules = UapRules.load();
    List<String> wrong = new ArrayList<>();
    for (Map<?, ?> each : cases) {
      String agent = String.valueOf(each.get("user_agent_string"));
      List<String> expected = parts(each, "family", "major", "minor", "patch");
      List<String> found = parts(rules.browser(new Probe(agent), agent), 4);
      if (!found.equals(expected)) {
        wrong.add(agent + ": " + found + ", not " + expected);
      }
    }
    report("browsers", cases.size(), wrong);
  }

  @Test
  void systemsAreThoseThatAreExpected() throws IOException {
    List<Map<?, ?>> cases = cases("uap_test_os.yaml.gz");
    UapRules rules = UapRules.load();
    List<String> wrong = new ArrayList<>();
    for (Map<?, ?> each : cases) {
      String agent = String.valueOf(each.get("user_agent_string"));
      List<String> expected = parts(each, "family", "major", "minor", "patch", "patch_minor");
      List<String> found = parts(rules.system(new Probe(agent), agent), 5);
      if (!found.equals(expected)) {
        wrong.add(agent + ": " + found + ", not " + expected);
      }
    }
    report("systems", cases.size(), wrong);
  }

  @Test
  void peopleAreNoBots() throws IOException {
    List<String> all = listed("isbot_browsers.yml");
    report("browsers of isbot", all.size(), all.stream().filter(a -> agents.of(a).bot()).toList());
  }

  @Test
  void crawlersAreBots() throws IOException {
    List<String> all = listed("isbot_crawlers.yml");
    report("crawlers", all.size(), all.stream().filter(a -> !agents.of(a).bot()).toList());
  }

  private static List<String> listed(String name) throws IOException {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(64 << 20).build();
    try (var stream = java.nio.file.Files.newInputStream(file(name))) {
      List<String> agents = new ArrayList<>();
      collect(new Load(settings).loadFromInputStream(stream), agents);
      return agents;
    }
  }

  private static void collect(@Nullable Object node, List<String> into) {
    switch (node) {
      case Map<?, ?> map -> map.values().forEach(value -> collect(value, into));
      case List<?> list -> list.forEach(value -> collect(value, into));
      case null -> {}
      default -> into.add(node.toString());
    }
  }

  private static void report(String what, int cases, List<String> wrong) {
    double score = 1 - wrong.size() / (double) cases;
    System.out.printf("%s: %d of %d (%.2f %%)%n", what, cases - wrong.size(), cases, 100 * score);
    assertThat(cases).isGreaterThan(400);
    assertThat(score).as(wrong.toString()).isGreaterThanOrEqualTo(LEAST);
  }

  @Test
  void whatLiteralsRuleOutIsNowhere() throws IOException {
    List<String> agents = new ArrayList<>(listed("isbot_browsers.yml"));
    agents.addAll(listed("isbot_crawlers.yml"));
    for (Map<?, ?> each : cases("uap_test_ua.yaml.gz")) {
      agents.add(String.valueOf(each.get("user_agent_string")));
    }
    List<Expression> all = UapRules.load().expressions();
    assertThat(all.stream().filter(Expression::isAlwaysTried).count()).isLessThan(all.size() / 10);
    for (String agent : agents.stream().filter(a -> a.hashCode() % 8 == 0).toList()) {
      Probe probe = new Probe(agent);
      for (Expression expression : all) {
        if (!expression.mayBeIn(probe)) {
          assertThat(expression.pattern().matcher(agent).find())
              .as(() -> expression.pattern() + " in " + agent)
              .isFalse();
        }
      }
    }
  }
}
