package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.PropertyName;
import weir.query.Access;
import weir.query.QueryException;
import weir.query.RowLimit;
import weir.query.insight.Insights;
import weir.query.tables.TableNames;

/** Whatever a public write key calls its events and properties, everything can be asked for. */
class HostileNamesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> NAMES =
      List.of(
          "a\0b",
          "a\nb",
          "\0",
          "a",
          "A",
          " a ",
          "   ",
          "select",
          "SELECT",
          "table",
          "events",
          "Events",
          "users",
          "weir_limited_0",
          "pg_class",
          "information_schema",
          "it's \"quoted\" `so` \\ / ~ ~0 ~1",
          "'; drop table events; --",
          "/* x",
          "$$",
          "a\u0001\u0007\u001b[31m\u007f\u0085",
          "line\r\nbreak\ttab\u2028",
          "\u202eright to left",
          "\ufeffbom",
          "\ufffd",
          "İstanbul",
          "ǅungla",
          "ſharp ß ẞ",
          "K\u212a",
          "ÅÅ",
          "e\u0301e",
          "日本語",
          "😀😀",
          "\uD835\uDC00bold",
          "1st",
          "?",
          "{}",
          "%s",
          "x".repeat(10_000),
          "ü".repeat(2_000));

  @TempDir Path dir;

  private static String random(Random random) {
    StringBuilder name = new StringBuilder();
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      int c =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(0x80);
            case 1 -> random.nextInt(0x500);
            case 2 -> random.nextInt(0x3000);
            default -> random.nextInt(0x20000);
          };
      boolean isSurrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      name.appendCodePoint(isSurrogate ? 'x' : c);
    }
    return name.toString();
  }

  private static List<String> names(Random random) {
    List<String> names = new ArrayList<>(NAMES);
    for (int i = 0; i < 60; i++) {
      names.add(random(random));
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyViewThatIsListedCanBeRead(boolean inLake) throws Exception {
    List<String> names = names(new Random(inLake ? 1 : 2));
    try (TestProject project = new TestProject(dir)) {
      for (String name : names) {
        project.track(name, "u", 0, Map.of("n", 1.0));
      }
      if (inLake) {
        project.commit();
      }
      project.awaitAll();
      assertThat(project.rows("select count(*) from events where p_n = 1"))
          .isEqualTo(List.of(List.of((long) names.size())));
      long rows = 0;
      for (String view : listed(project)) {
        String sql = "select count(*), sum(n) from \"" + view.replace("\"", "\"\"") + "\"";
        List<@Nullable Object> found = project.rows(sql).getFirst();
        rows += (long) found.getFirst();
        assertThat(found.get(1)).as(view).isEqualTo((double) (long) found.getFirst());
      }
      assertThat(rows).isEqualTo(names.size());
      Map<String, Long> counts = new TreeMap<>();
      names.forEach(name -> counts.merge(name, 1L, Long::sum));
      for (Map.Entry<String, Long> each : counts.entrySet()) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("events").add(each.getKey());
        assertThat(count(project, body)).as(each.getKey()).isEqualTo(each.getValue());
      }
      RowLimit limit = new RowLimit("event", "a\0b");
      assertThat(project.rows(Optional.of(limit), "select count(*) from events"))
          .isEqualTo(List.of(List.of(1L)));
    }
  }

  /** As a question has them, and as the collector keeps them. */
  @Test
  void halvesOfSurrogatePairsAreAskedForAsTheyAreKept() throws Exception {
    try (TestProject project = new TestProject(dir)) {
      project.track("a\ufffdb", "u", 0, Map.of("x\ufffdy", "1\ufffd"));
      project.track("a?b", "u", 0, Map.of("x?y", new TestProject.Json("\"1?\"")));
      project.track("ab", "u", 0, Map.of("x_y", "1"));
      project.awaitAll();
      for (String half : List.of("\ud800", "\udfff")) {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("events").add("a" + half + "b");
        ObjectNode filter = body.putArray("filters").addObject();
        filter.put("property", "x" + half + "y").put("value", "1" + half);
        assertThat(count(project, body)).isEqualTo(1);
        filter.put("op", "!=");
        assertThat(count(project, body)).isZero();
        RowLimit limit = new RowLimit("x" + half + "y", "1" + half);
        assertThat(project.rows(Optional.of(limit), "select event from events"))
            .isEqualTo(List.of(List.of("a\ufffdb")));
      }
    }
  }

  private static Set<String> listed(TestProject project) throws QueryException {
    Set<String> views = new TreeSet<>();
    for (List<@Nullable Object> row :
        project.rows("select table_name from information_schema.tables")) {
      String name = String.valueOf(row.getFirst());
      if (!TableNames.system().contains(name)) {
        views.add(name);
      }
    }
    assertThat(views).isNotEmpty();
    return views;
  }

  /** With escapes, which alone can be half a surrogate pair. */
  private static byte[] escaped(ObjectNode body) throws JsonProcessingException {
    return JSON.writer()
        .with(JsonWriteFeature.ESCAPE_NON_ASCII)
        .writeValueAsString(body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static long count(TestProject project, ObjectNode body) throws Exception {
    Insights insights =
        new Insights(
            project.engine(),
            project.lake(),
            InstantSource.fixed(Instant.parse("2026-03-02T00:00:00Z")),
            Optional.empty());
    byte[] question = escaped(body);
    byte[] answer =
        TestEngine.on(
            project.engine(),
            () ->
                insights.answer(
                    "trend", Access.to(TestProject.NAME), question, TestEngine.deadline()));
    long sum = 0;
    for (JsonNode value : JSON.readTree(answer).findValues("value")) {
      sum += value.asLong();
    }
    return sum;
  }

  /** How often a name was sent with a text. */
  private static long its(List<String> names, String name) {
    long its = 0;
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        its += (2 * i % 3 == 0 ? 1 : 0) + ((2 * i + 1) % 2 == 0 ? 1 : 0);
      }
    }
    return its;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyPropertyCanBeAskedFor(boolean inLake) throws Exception {
    List<String> names = names(new Random(inLake ? 3 : 4));
    try (TestProject project = new TestProject(dir)) {
      int number = 0;
      for (String name : names) {
        project.track("Seen", "u", 0, Map.of(name, number++ % 3 == 0 ? "it" : 5.0));
        project.track("Seen", "u", 0, Map.of(name, number++ % 2 == 0 ? "it" : 5.0));
      }
      if (inLake) {
        project.commit();
      }
      project.awaitAll();
      assertThat(project.rows("select * from seen")).hasSize(2 * names.size());
      for (String name : new TreeSet<>(names)) {
        assertThat(project.properties().has(name)).isEqualTo(PropertyName.fits(name));
        ObjectNode body = JSON.createObjectNode();
        body.putArray("events").add("Seen");
        body.putArray("filters").addObject().put("property", name).put("op", "is_not_null");
        long sent = names.stream().filter(name::equals).count();
        assertThat(count(project, body)).as(name).isEqualTo(2 * sent);
        Access limited = Access.to(TestProject.NAME).limitedTo(new RowLimit(name, "it"));
        long its = its(names, name);
        assertThat(project.rows(limited.limit(), "select count(*) from events"))
            .as(name)
            .isEqualTo(List.of(List.of(its)));
        body.putArray("filters").addObject().put("property", name).put("value", "it");
        assertThat(count(project, body)).as(name).isEqualTo(its);
      }
    }
  }
}
