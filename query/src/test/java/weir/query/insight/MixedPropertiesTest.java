package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.WrittenNumber;
import weir.query.Access;
import weir.query.RowLimit;
import weir.query.duckdb.TestEngine;
import weir.query.duckdb.TestProject;
import weir.query.duckdb.TestProject.Json;
import weir.query.kept.KeptEvents;
import weir.query.kept.RowDisk;

/**
 * Properties whose values are of several types, nested, larger than a double tells apart, older
 * than their column, and called nearly the same: whatever asks for one by its name sees each value
 * of exactly that one, as plain Java does that knows nothing of columns.
 */
final class MixedPropertiesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-03-02T00:00:00Z"));

  /** What a client may send, and a question may ask for. */
  private static final List<Object> VALUES =
      List.of(
          10.0,
          9.5,
          -3.0,
          0.00001,
          9007199254740992.0,
          1e21,
          1e25,
          1e-7,
          -0.0,
          0.0,
          new Json("9007199254740993"),
          new Json("10000000000000000000000000"),
          new Json("[1]"),
          new Json("{\"a\":1}"),
          "9.50",
          "10",
          "a",
          "A bird",
          "true",
          "nan",
          "",
          "it's",
          true,
          false);

  private static final List<String> LITERALS =
      List.of(
          "10",
          "9.5",
          "9.50",
          "1e1",
          "0.00001",
          "9007199254740992",
          "9007199254740993",
          "9007199254740993.0",
          "1e25",
          "-0.0",
          "10000000000000000000000000",
          "10000000000000000905969664",
          "\"1e25\"",
          "\"10\"",
          "\"10.0\"",
          "\"9.50\"",
          "\"a\"",
          "\"true\"",
          "\"\"",
          "\"it's\"",
          "true",
          "false");

  private static final List<String> NAMES =
      List.of("price", "Tenant", "tenant", "Restaurant ID", "restaurant_id", "country", "value");

  @TempDir Path dir;

  private record Sent(String event, String actor, Map<String, Object> properties) {}

  private static final class World implements AutoCloseable {
    private final TestProject project;
    private final Insights insights;
    private final Insights kept;
    private final List<Sent> sent = new ArrayList<>();

    World(Path dir) throws Exception {
      project = new TestProject(dir);
      insights = new Insights(project.engine(), project.lake(), NOW, Optional.empty());
      KeptEvents events =
          new KeptEvents(project.engine().events(), 64 << 20, RowDisk.NONE, System::nanoTime);
      kept = new Insights(project.engine(), project.lake(), NOW, Optional.of(events));
    }

    void track(String event, String actor, Map<String, Object> properties) throws Exception {
      project.track(event, actor, sent.size(), properties);
      sent.add(new Sent(event, actor, properties));
    }

    private JsonNode ask(Insights asked, Access access, String kind, ObjectNode body)
        throws Exception {
      byte[] answer =
          TestEngine.on(
              project.engine(),
              () ->
                  asked.answer(
                      kind,
                      access,
                      body.toString().getBytes(StandardCharsets.UTF_8),
                      TestEngine.deadline()));
      ObjectNode json = (ObjectNode) JSON.readTree(answer);
      json.remove("stats");
      return json;
    }

    /** The answer of a statement, which is that from kept events too. */
    JsonNode ask(String kind, ObjectNode body) throws Exception {
      Access all = Access.to(TestProject.NAME);
      JsonNode answer = ask(insights, all, kind, body);
      ask(kept, all, kind, body);
      assertThat(rounded(ask(kept, all, kind, body)))
          .as("%s %s", kind, body)
          .isEqualTo(rounded(answer.deepCopy()));
      return answer;
    }

    /** Sums of doubles depend on their order. */
    private static JsonNode rounded(JsonNode answer) {
      for (JsonNode point : answer.findParents("value")) {
        BigDecimal value = point.path("value").decimalValue().round(new MathContext(12));
        ((ObjectNode) point).put("value", value.stripTrailingZeros());
      }
      return answer;
    }

    @Override
    public void close() throws Exception {
      project.close();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyValueIsSeenByItsExactName(long seed) throws Exception {
    Random random = new Random(seed);
    try (World world = new World(dir)) {
      for (int part = 0; part < 3; part++) {
        for (int i = 0; i < 25; i++) {
          Map<String, Object> properties = new LinkedHashMap<>();
          for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
              properties.put(name, one(random, VALUES));
            }
          }
          world.track(random.nextBoolean() ? "Seen" : "Done", "u" + random.nextInt(5), properties);
        }
        if (random.nextInt(3) > 0) {
          world.project.commit();
        }
        world.project.awaitAll();
        for (int i = 0; i < 9; i++) {
          String name = one(random, NAMES);
          filter(world, name, random);
          measure(world, name, random);
          breakdown(world, name);
        }
        for (String name : NAMES) {
          limit(world, name, one(random, LITERALS));
          view(world, name);
        }
      }
    }
  }

  private static <T> T one(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static Stream<Object> values(World world, String event, String name) {
    return world.sent.stream()
        .filter(sent -> sent.event().equals(event))
        .map(sent -> sent.properties().get(name))
        .filter(Objects::nonNull);
  }

  private static void filter(World world, String name, Random random) throws Exception {
    String op =
        one(
            random,
            List.of("=", "!=", "<", "<=", ">", ">=", "in", "contains", "starts_with", "is_null"));
    JsonNode literal = JSON.readTree(one(random, LITERALS));
    JsonNode other = JSON.readTree(one(random, LITERALS));
    ObjectNode body = JSON.createObjectNode();
    body.putArray("events").add("Seen");
    ObjectNode filter = body.putArray("filters").addObject().put("property", name).put("op", op);
    if (op.equals("in")) {
      filter.putArray("value").add(literal).add(other);
    } else {
      filter.set("value", literal);
    }
    body.put("measure", random.nextBoolean() ? "total" : "persons");
    Stream<Sent> passing =
        world.sent.stream()
            .filter(sent -> sent.event().equals("Seen"))
            .filter(sent -> passes(op, sent.properties().get(name), literal, other));
    long expected =
        body.path("measure").asText().equals("total")
            ? passing.count()
            : passing.map(Sent::actor).distinct().count();
    JsonNode answer = world.ask("trend", body);
    assertThat(answer.path("series").path(0).path("points").path(0).path("value").asLong())
        .as("%s: %s", body, answer)
        .isEqualTo(expected);
    ObjectNode funnel = JSON.createObjectNode();
    ObjectNode step = funnel.putArray("steps").addObject().put("event", "Seen");
    step.set("filters", body.path("filters"));
    long persons =
        world.sent.stream()
            .filter(sent -> sent.event().equals("Seen"))
            .filter(sent -> passes(op, sent.properties().get(name), literal, other))
            .map(Sent::actor)
            .distinct()
            .count();
    assertThat(world.ask("funnel", funnel).path("steps").path(0).path("count").asLong())
        .as("%s", funnel)
        .isEqualTo(persons);
  }

  /** A number is the text that stands for it. */
  private static String text(JsonNode literal) {
    return literal.isDouble() ? WrittenNumber.text(literal.asDouble()) : literal.asText();
  }

  private static boolean passes(
      String op, @Nullable Object value, JsonNode literal, JsonNode other) {
    return switch (op) {
      case "is_null" -> value == null;
      case "!=" -> value == null || !equal(value, literal);
      case "=" -> value != null && equal(value, literal);
      case "in" -> value != null && (equal(value, literal) || equal(value, other));
      case "contains" ->
          value != null
              && text(value)
                  .toLowerCase(Locale.ROOT)
                  .contains(text(literal).toLowerCase(Locale.ROOT));
      case "starts_with" -> value != null && text(value).startsWith(text(literal));
      default -> value != null && compares(op, value, literal);
    };
  }

  private static boolean isNumber(Object value) {
    return value instanceof Double
        || (value instanceof Json json && Character.isDigit(json.text().charAt(0)));
  }

  /** What a number means: digits alone themselves, all else the double nearest to it. */
  private static Optional<BigDecimal> exact(Object value) {
    String text = value instanceof Json json ? json.text() : value.toString();
    try {
      boolean isDigits = text.chars().noneMatch(c -> ".eE".indexOf(c) >= 0);
      return Optional.of(
          isDigits ? new BigDecimal(text) : new BigDecimal(new BigDecimal(text).doubleValue()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean equal(Object value, JsonNode literal) {
    String text = literal.asText();
    if (!isNumber(value)) {
      return text(value).equals(text(literal));
    }
    return exact(text)
        .filter(number -> exact(value).orElseThrow().compareTo(number) == 0)
        .isPresent();
  }

  private static boolean compares(String op, Object value, JsonNode literal) {
    if (value instanceof Boolean flag) {
      boolean isTruth = literal.asText().equals("true") || literal.asText().equals("false");
      return isTruth && holds(op, Boolean.compare(flag, literal.asText().equals("true")));
    }
    if (isNumber(value) || literal.isNumber()) {
      Optional<BigDecimal> left = exact(value);
      Optional<BigDecimal> right = exact(literal.asText());
      return left.isPresent() && right.isPresent() && holds(op, left.get().compareTo(right.get()));
    }
    return holds(op, text(value).compareTo(literal.asText()));
  }

  private static boolean holds(String op, int compared) {
    return switch (op) {
      case "<" -> compared < 0;
      case "<=" -> compared <= 0;
      case ">" -> compared > 0;
      default -> compared >= 0;
    };
  }

  private static String text(Object value) {
    return switch (value) {
      case Double number -> WrittenNumber.text(number);
      case Json json -> json.text();
      default -> value.toString();
    };
  }

  private static @Nullable Double number(Object value) {
    return switch (value) {
      case Double number -> number;
      case Boolean flag -> flag ? 1.0 : 0.0;
      case Json json -> isNumber(json) ? Double.valueOf(json.text()) : null;
      default -> exact(value).map(BigDecimal::doubleValue).orElse(null);
    };
  }

  private static void measure(World world, String name, Random random) throws Exception {
    String measure = one(random, List.of("sum", "avg", "min", "max", "median", "distinct"));
    ObjectNode body = JSON.createObjectNode();
    body.putArray("events").add("Seen");
    body.put("measure", measure).put("of", name);
    double[] numbers =
        values(world, "Seen", name)
            .map(MixedPropertiesTest::number)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    double expected =
        switch (measure) {
          case "sum" -> Arrays.stream(numbers).sum();
          case "avg" -> Arrays.stream(numbers).average().orElse(0);
          case "min" -> Arrays.stream(numbers).min().orElse(0);
          case "max" -> Arrays.stream(numbers).max().orElse(0);
          case "median" -> Reference.quantile(numbers, 0.5);
          default -> values(world, "Seen", name).map(MixedPropertiesTest::text).distinct().count();
        };
    double found =
        world
            .ask("trend", body)
            .path("series")
            .path(0)
            .path("points")
            .path(0)
            .path("value")
            .asDouble();
    assertThat(found)
        .as("%s of %s", body, Arrays.toString(numbers))
        .isCloseTo(expected, offset(Math.max(1e-9, Math.abs(expected) * 1e-9)));
  }

  private static void breakdown(World world, String name) throws Exception {
    ObjectNode body = JSON.createObjectNode();
    body.putArray("events").add("Seen");
    body.put("breakdown", name);
    Map<String, Long> expected = new TreeMap<>();
    for (Sent sent : world.sent) {
      if (sent.event().equals("Seen")) {
        Object value = sent.properties().get(name);
        expected.merge(value == null ? "null" : text(value), 1L, Long::sum);
      }
    }
    Map<String, Long> found = new TreeMap<>();
    for (JsonNode series : world.ask("trend", body).path("series")) {
      found.merge(
          series.path("breakdown").asText(),
          series.path("points").path(0).path("value").asLong(),
          Long::sum);
    }
    assertThat(found).as("%s", body).isEqualTo(expected);
  }

  private static void limit(World world, String name, String literal) throws Exception {
    JsonNode value = JSON.readTree(literal);
    RowLimit limit = RowLimit.parse(name, literal);
    long expected =
        world.sent.stream()
            .map(sent -> sent.properties().get(name))
            .filter(sent -> sent != null && isMeant(sent, value, limit.value()))
            .count();
    assertThat(world.project.rows(Optional.of(limit), "select count(*) from events"))
        .as("limit %s to %s", name, literal)
        .isEqualTo(List.of(List.of(expected)));
  }

  /** A limit to 10.0 is one to 10, and to "10" as well. */
  private static boolean isMeant(Object sent, JsonNode value, String limit) {
    return isNumber(sent)
        ? equal(sent, JSON.getNodeFactory().textNode(limit)) || equal(sent, value)
        : text(sent).equals(limit);
  }

  /** In SQL a column has one type: what cannot be told so is null. */
  private static void view(World world, String name) throws Exception {
    Optional<String> alias = alias(world, name);
    if (alias.isEmpty() || values(world, "Seen", name).allMatch(Json.class::isInstance)) {
      return;
    }
    List<List<@Nullable Object>> rows =
        world.project.rows("select " + alias.get() + " from seen order by timestamp");
    List<Object> sent = new ArrayList<>();
    for (Sent each : world.sent) {
      if (each.event().equals("Seen")) {
        sent.add(Objects.requireNonNullElse(each.properties().get(name), "(none)"));
      }
    }
    Class<?> type =
        rows.stream()
            .map(List::getFirst)
            .filter(Objects::nonNull)
            .findFirst()
            .map(Object::getClass)
            .orElse((Class) String.class);
    for (int i = 0; i < sent.size(); i++) {
      Object value = sent.get(i);
      Object expected = value.equals("(none)") ? null : as(type, value);
      assertThat(rows.get(i).getFirst()).as("%s %s", name, value).isEqualTo(expected);
    }
  }

  private static Optional<String> alias(World world, String name) {
    Optional<String> column = world.project.properties().column(name);
    return switch (name) {
      case "Tenant" -> column.map(is -> is.equals("p_tenant") ? is : "tenant_2");
      case "Restaurant ID" -> Optional.empty();
      case "country", "value" -> Optional.of("p_" + name);
      default -> Optional.of(name);
    };
  }

  private static @Nullable Object as(Class<?> type, Object value) {
    if (type == Double.class) {
      return value instanceof Boolean ? null : number(value);
    }
    if (type == Boolean.class) {
      return switch (text(value)) {
        case "true" -> true;
        case "false" -> false;
        default -> null;
      };
    }
    return switch (value) {
      case Double number when number == 0.00001 -> "0.00001"; // as JSON has them
      case Double number when number == 1e-7 -> "1e-7";
      case Double number when number >= 1e21 -> WrittenNumber.text(number).replace("+", "");
      case Double number when number == 0 && 1 / number < 0 -> "-0.0";
      default -> text(value);
    };
  }

  @Test
  void aPriceThatWasATextOnceCounts() throws Exception {
    try (World world = new World(dir)) {
      world.track("Sold", "u", Map.of("price", "9.50"));
      for (int i = 0; i < 100; i++) {
        world.track("Sold", "u" + i, Map.of("price", 10.0));
      }
      world.project.awaitAll();
      ObjectNode sum = (ObjectNode) JSON.readTree("{\"measure\":\"sum\",\"of\":\"price\"}");
      assertThat(world.ask("trend", sum).findValue("value").asDouble()).isEqualTo(1009.5);
      ObjectNode none =
          (ObjectNode) JSON.readTree("{\"filters\":[{\"property\":\"price\",\"op\":\"is_null\"}]}");
      assertThat(world.ask("trend", none).findValue("value")).isNull();
      assertThat(world.project.rows("select sum(price::double) from sold"))
          .isEqualTo(List.of(List.of(1009.5)));
    }
  }

  /** Statements about a property that has no value in JSON do not look there. */
  @Test
  void whatDoesNotConflictCostsNothing() throws Exception {
    try (World world = new World(dir)) {
      world.track("Sold", "u", Map.of("size", 1.0, "items", new Json("[1]"), "price", "a"));
      world.track("Sold", "u", Map.of("size", 2.0, "price", 2.0));
      world.project.awaitAll();
      for (String name : List.of("size", "price")) {
        ObjectNode body = JSON.createObjectNode().put("measure", "sum").put("of", name);
        body.put("breakdown", name);
        body.putArray("filters").addObject().put("property", name).put("op", ">").put("value", 0);
        assertThat(world.ask("trend", body).path("sql").asText().contains("json"))
            .as(name)
            .isEqualTo(name.equals("price"));
      }
    }
  }

  @Test
  void aNameThatWasNeverSeenIsSaidBesideItsZeros() throws Exception {
    try (World world = new World(dir)) {
      world.track("Purchase", "u", Map.of("price", 10.0, "nested", new Json("[1]")));
      world.project.awaitAll();
      String[][] questions = {
        {"trend", "{\"events\":[\"Purchse\",\"Purchase\"],\"breakdown\":\"prise\"}"},
        {
          "funnel",
          "{\"steps\":[{\"event\":\"Purchase\"},{\"event\":\"purchase\","
              + "\"filters\":[{\"property\":\"zzz\",\"value\":\"Purchase\"}]}]}"
        },
        {"retention", "{\"start\":{\"event\":\"Purchases\"}}"},
        {"path", "{\"start\":\"Nothing of the kind\"}"},
        {"trend", "{\"measure\":\"sum\",\"of\":\"price\",\"breakdown\":\"nested\"}"},
        {"trend", "{\"events\":[\"Purchase\"],\"breakdown\":\"country\"}"},
      };
      List<String> said = new ArrayList<>();
      for (String[] question : questions) {
        for (JsonNode note :
            world.ask(question[0], (ObjectNode) JSON.readTree(question[1])).path("notes")) {
          said.add(note.path("name").asText() + " " + note.path("nearest"));
        }
      }
      assertThat(said)
          .containsExactly(
              "Purchse [\"Purchase\"]",
              "prise [\"price\"]",
              "purchase [\"Purchase\"]",
              "zzz []",
              "Purchases [\"Purchase\"]",
              "Nothing of the kind []");
    }
  }
}
