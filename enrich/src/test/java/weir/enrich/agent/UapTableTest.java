package weir.enrich.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The table of rules that is shipped is uap-core's regexes.yaml, row by row. */
class UapTableTest {
  private static final Path MADE = Path.of("target", "uap-regexes.tsv");

  /** Sections of the file: what the table calls them, and the replacements in their order. */
  private static final Map<String, List<String>> SECTIONS = new LinkedHashMap<>();

  static {
    SECTIONS.put(
        "user_agent_parsers",
        List.of(
            "browser", "family_replacement", "v1_replacement", "v2_replacement", "v3_replacement"));
    SECTIONS.put(
        "os_parsers",
        List.of(
            "os",
            "os_replacement",
            "os_v1_replacement",
            "os_v2_replacement",
            "os_v3_replacement",
            "os_v4_replacement"));
    SECTIONS.put(
        "device_parsers",
        List.of("device", "device_replacement", "brand_replacement", "model_replacement"));
  }

  @Test
  void theTableIsTheirFile() throws IOException {
    String made = made();
    Files.writeString(MADE, made);
    assertThat(resource("uap-regexes.tsv"))
        .as("copy %s over the table, if the file beside this test is new", MADE.toAbsolutePath())
        .isEqualTo(made);
  }

  private static String made() throws IOException {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(8 << 20).build();
    Map<?, ?> all = (Map<?, ?>) new Load(settings).loadFromString(resource("uap-regexes.yaml"));
    assertThat(all.keySet()).asString().isEqualTo(SECTIONS.keySet().toString());
    StringBuilder table = new StringBuilder();
    SECTIONS.forEach((section, names) -> {
      for (Object rule : (List<?>) Objects.requireNonNull(all.get(section))) {
        table.append(row(names, (Map<?, ?>) rule)).append('\n');
      }
    });
    return table.toString();
  }

  private static String row(List<String> names, Map<?, ?> rule) {
    StringJoiner row = new StringJoiner("\t");
    row.add(names.getFirst()).add(field(rule, "regex_flag")).add(field(rule, "regex"));
    names.stream().skip(1).forEach(name -> row.add(field(rule, name)));
    assertThat(rule.keySet().stream().map(String::valueOf))
        .as("what the table has no column for")
        .allMatch(key -> names.contains(key) || key.startsWith("regex"));
    return row.toString();
  }

  private static String field(Map<?, ?> rule, String name) {
    @Nullable Object value = rule.get(name);
    String text = value == null ? "" : value.toString();
    assertThat(value == null || !text.isEmpty()).as("empty: %s", rule).isTrue();
    assertThat(text).as("what ends a column or a row").doesNotContainPattern("[\\t\\r\\n]");
    return text;
  }

  private static String resource(String name) throws IOException {
    try (@Nullable InputStream file = UapTableTest.class.getResourceAsStream(name)) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
