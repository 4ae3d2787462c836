package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.Decoded;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.ProjectProperties;
import weir.event.PropertyName;

class PropertySchemaTest {
  private static final long AT = Rig.RECEIVED;
  private static final long HOUR = TimeUnit.HOURS.toMicros(1);

  @TempDir Path directory;
  private Rig rig;
  private int ids;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(directory);
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private void send(String source, long at, Map<String, Object> properties) throws IOException {
    rig.send(
        rig.protocol.request("shop", source, at, FakeProtocol.event("id-" + ids++, properties)));
  }

  private static Map<String, Object> numbered(String name, int from, int to) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      properties.put(name + i, (double) i);
    }
    return properties;
  }

  private static @Nullable String rest(CleanRecord record) {
    return ((CleanEvent) record).string(EventColumn.PROPERTIES);
  }

  private static Map<String, Object> columns(CleanRecord record) {
    return ((CleanEvent) record).properties();
  }

  private List<PropertyColumn> schema() {
    return PropertySchema.open(rig.database).columns("shop");
  }

  @Test
  void valueOfAnotherTypeIsKeptInJsonUnderItsName() throws Exception {
    send("web", AT, Map.of("Price", 2.0));
    send("web", AT, Map.of("Price", "two"));
    send("web", AT, Map.of("Price", true));
    send("web", AT, Map.of("Price", 3.5));
    List<CleanRecord> records = rig.process();
    assertThat(columns(records.get(0))).isEqualTo(Map.of("p_price", 2.0));
    assertThat(rest(records.get(0))).isNull();
    assertThat(rest(records.get(1))).isEqualTo("{\"Price\":\"two\"}");
    assertThat(columns(records.get(1))).isEmpty();
    assertThat(rest(records.get(2))).isEqualTo("{\"Price\":true}");
    assertThat(columns(records.get(3))).isEqualTo(Map.of("p_price", 3.5));
    assertThat(rig.metrics.counter("weir_property_conflicts").count()).isEqualTo(2);
    assertThat(schema()).containsExactly(new PropertyColumn("p_price", ColumnType.DOUBLE, "Price"));
  }

  @Test
  void namesThatFoldTogetherGetSuffixes() throws Exception {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("priceUSD", 1.0);
    properties.put("price_usd", "x");
    properties.put("Price USD", true);
    properties.put("...", "nameless");
    properties.put("x".repeat(300), "long");
    send("web", AT, properties);
    CleanRecord record = rig.process().getFirst();
    assertThat(columns(record))
        .isEqualTo(Map.of("p_price_usd", 1.0, "p_price_usd_2", "x", "p_price_usd_3", true));
    assertThat(rest(record))
        .isEqualTo("{\"...\":\"nameless\",\"" + "x".repeat(300) + "\":\"long\"}");
  }

  @Test
  void jsonValuesStayByteForByte() throws Exception {
    String text = "{ \"a\":[1,2.50, 1e3],\"b\":\"\\u00e9\" }";
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("nested", new Decoded.Json(text));
    properties.put("big", new Decoded.Json("12345678901234567890"));
    send("web", AT, properties);
    assertThat(rest(rig.process().getFirst()))
        .isEqualTo("{\"nested\":" + text + ",\"big\":12345678901234567890}");
    assertThat(schema()).isEmpty();
  }

  @Test
  void fiveThousandPropertiesAtOnceTakeNobodysColumns() throws Exception {
    send("web", AT, numbered("n", 0, 50));
    send("web", AT, numbered("n", 0, 5_000));
    send("web", AT + 1, numbered("m", 0, 10));
    List<CleanRecord> records = rig.process();
    assertThat(columns(records.get(1))).hasSize(50).containsKeys("p_n0", "p_n49");
    assertThat(rest(records.get(1))).contains("\"n50\":50", "\"n4999\":4999");
    assertThat(columns(records.get(2))).hasSize(10);
    assertThat(schema()).hasSize(60);
  }

  @Test
  void manyPropertiesFillTheHourAndThenTheProject() throws Exception {
    send("web", AT, numbered("n", 0, 100));
    send("web", AT, numbered("m", 0, 100));
    send("web", AT + 1, numbered("o", 0, 10));
    send("ios", AT, numbered("i", 0, 100));
    send("ios", AT, numbered("j", 0, 50));
    send("web", AT + HOUR, numbered("h", 0, 100));
    send("web", AT + HOUR, numbered("k", 0, 100));
    send("ios", AT + HOUR, Map.of("late", 1.0, "n7", 7.0));
    List<CleanRecord> records = rig.process();
    assertThat(columns(records.get(1))).hasSize(100);
    assertThat(columns(records.get(2))).isEmpty();
    assertThat(rest(records.get(2))).contains("\"o9\":9");
    assertThat(columns(records.get(4))).hasSize(50);
    assertThat(columns(records.get(6))).hasSize(50);
    assertThat(columns(records.get(7))).isEqualTo(Map.of("p_n7", 7.0));
    assertThat(schema()).hasSize(500);
    assertThat(PropertySchema.open(rig.database).columns("blog")).isEmpty();
  }

  /** A public key that sends rubbish for a day leaves room for the others. */
  @Test
  void noKeyTakesAllColumns() throws Exception {
    for (int hour = 0; hour < 24; hour++) {
      send("web", AT + hour * HOUR, numbered("rubbish" + hour + "_", 0, 50));
    }
    rig.process();
    assertThat(schema()).hasSize(400);
    send("server", AT + 24 * HOUR, numbered("own", 0, 100));
    send("web", AT + 25 * HOUR, Map.of("own1", 1.0, "more", 1.0));
    List<CleanRecord> records = rig.process();
    assertThat(columns(records.get(24))).hasSize(100);
    assertThat(columns(records.get(25))).isEqualTo(Map.of("p_own1", 1.0));
    assertThat(rest(records.get(25))).isEqualTo("{\"more\":1}");
  }

  @Test
  void limitsAndColumnsOutliveARestart() throws Exception {
    send("web", AT, numbered("n", 0, 95));
    send("web", AT, numbered("o", 0, 95));
    rig.process();
    send("web", AT, numbered("m", 0, 20));
    List<CleanRecord> records = rig.process();
    assertThat(columns(records.get(2))).hasSize(10);
    assertThat(schema()).hasSize(200);
    assertThat(schema().getLast().name()).isEqualTo("m9");
  }

  @Test
  void columnsOfFramesThatWereNeverStoredAreDecidedAnew() throws Exception {
    rig.options =
        new ProcessOptions(
            1,
            1 << 20,
            1_000,
            1 << 20,
            rig.options.linger(),
            rig.options.checkpoint(),
            "default",
            ProcessOptions.CLOCK_TOLERANCE,
            new SchemaLimits(500, 500, 1, 100));
    send("web", AT, Map.of("a", 1.0));
    send("web", AT, Map.of("b", 1.0));
    send("ios", AT, Map.of("b", 1.0));
    rig.files.failSyncs(n -> true);
    try (Processor processor = rig.start()) {
      org.awaitility.Awaitility.await().until(() -> processor.ended().isDone());
    }
    assertThat(schema()).as("committed before the append").isNotEmpty();
    rig.files.kill();
    rig.files.failSyncs(n -> false);
    rig.files.crash(new java.util.Random(1));
    rig.clean = rig.openClean();
    List<CleanRecord> records = rig.process();
    assertThat(rest(records.get(1))).as("refused the first time, too").isEqualTo("{\"b\":1}");
    assertThat(columns(records.get(2))).isEqualTo(Map.of("p_b", 1.0));
  }

  private ProjectProperties published() {
    Map<String, ProjectProperties> last = new LinkedHashMap<>();
    PropertySchema.open(rig.database, last::put);
    return last.getOrDefault("shop", ProjectProperties.NONE);
  }

  private ProjectProperties.Place place(String name) {
    return published().place(name, column -> true);
  }

  private static ProjectProperties.Place place(String column, String... jsonNames) {
    return new ProjectProperties.Place(Optional.of(column), List.of(jsonNames));
  }

  @Test
  void whatLiesInJsonIsTold() throws Exception {
    send("web", AT, Map.of("Price", 2.0, "Size", 1.0, "nested", new Decoded.Json("[1]")));
    send("web", AT, Map.of("Price", "two"));
    send("web", AT, Map.of("nested", "late"));
    rig.process();
    assertThat(place("Price")).isEqualTo(place("p_price", "Price"));
    assertThat(place("Size")).isEqualTo(place("p_size"));
    assertThat(place("nested")).isEqualTo(place("p_nested", "nested"));
    assertThat(place("price")).isEqualTo(place("p_price", "Price"));
    assertThat(published().exactPlace("price", column -> true).column()).isEmpty();
    assertThat(ProjectProperties.decode(published().encode()).place("Price", column -> true))
        .isEqualTo(place("Price"));
  }

  @Test
  void namesThatFoldAlikeAreToldApart() throws Exception {
    send("web", AT, Map.of("Tenant", 17.0));
    send("web", AT, Map.of("tenant", 18.0));
    rig.process();
    assertThat(place("Tenant")).isEqualTo(place("p_tenant"));
    assertThat(place("tenant")).isEqualTo(place("p_tenant_2"));
    assertThat(place("p_tenant_2")).isEqualTo(place("p_tenant_2"));
    assertThat(place("TENANT")).isEqualTo(place("p_tenant"));
    assertThat(published().exactPlace("TENANT", column -> true))
        .isEqualTo(new ProjectProperties.Place(Optional.empty(), List.of("TENANT")));
  }

  /** Their values lie in JSON, of which nobody is told: a column of theirs is another one's. */
  @Test
  void namesThatCanHaveNoColumnAreNeverAnotherProperty() throws Exception {
    List<String> hostile =
        List.of("a\0b", "a\uD800b", "a b" + " ".repeat(PropertyName.MAX_BYTES), "\uDC00a_b");
    for (String name : hostile) {
      send("web", AT, Map.of(name, "K1"));
    }
    send("web", AT, Map.of("a\nb", 17.0, "+", 1.0, "p_a_b\0", "x"));
    rig.process();
    ProjectProperties.Place place = place("a\nb");
    assertThat(place).isEqualTo(place("p_a_b"));
    assertThat(published().isComplete()).isTrue();
    for (ProjectProperties known : List.of(published(), ProjectProperties.UNKNOWN)) {
      for (String name : hostile) {
        assertThat(known.place(name, column -> true))
            .as(name)
            .isEqualTo(new ProjectProperties.Place(Optional.empty(), List.of(name)));
        assertThat(known.isUnseen(name)).isFalse();
        assertThat(known.isCertain(name, column -> true)).isTrue();
      }
    }
    assertThat(place("+").column()).isEmpty();
    assertThat(published().isUnseen("a-b")).isTrue();
    assertThat(place("a-b")).as("never sent").isEqualTo(place);
  }

  @Test
  void whereNotAllNamesAreToldEachMayLieInJson() throws Exception {
    for (int i = 0; i < PropertyMapper.NAMES_TOLD + 50; i += 50) {
      Map<String, Object> properties = new LinkedHashMap<>();
      for (int j = i; j < i + 50; j++) {
        properties.put("n" + j, new Decoded.Json("{}"));
      }
      send("web", AT, properties);
    }
    rig.process();
    send("web", AT, Map.of("n" + (PropertyMapper.NAMES_TOLD + 7), 1.0, "n3", 2.0, "never", 3.0));
    rig.process();
    for (String name : List.of("n" + (PropertyMapper.NAMES_TOLD + 7), "n3", "never")) {
      assertThat(place(name)).isEqualTo(place("p_" + name, name));
    }
    assertThat(place("Never"))
        .as("it may have been sent, and not be told")
        .isEqualTo(new ProjectProperties.Place(Optional.empty(), List.of("Never")));
    assertThat(published().names()).hasSize(PropertyMapper.NAMES_TOLD + 2);
  }

  @Test
  void aDroppedColumnsValuesGoToJsonForGood() throws Exception {
    send("web", AT, Map.of("price", 2.0, "note", "n"));
    rig.process();
    try (Processor processor = rig.start()) {
      assertThat(processor.dropColumns("shop", Set.of("price", "never")).get())
          .containsExactly(new PropertyColumn("p_price", ColumnType.DOUBLE, "price"));
      assertThat(processor.dropColumns("shop", Set.of("price")).get()).isEmpty();
      assertThat(processor.dropColumns("other", Set.of("note")).get()).isEmpty();
    }
    send("web", AT, Map.of("price", 3.0, "Price", true, "note", "m"));
    CleanRecord after = rig.process().getLast();
    assertThat(columns(after)).isEqualTo(Map.of("p_price_2", true, "p_note", "m"));
    assertThat(rest(after)).isEqualTo("{\"price\":3}");
    assertThat(schema())
        .extracting(PropertyColumn::columnName)
        .containsExactly("p_note", "p_price_2");
    Map<String, ProjectProperties> told = new LinkedHashMap<>();
    PropertySchema schema = PropertySchema.open(rig.database, told::put);
    assertThat(schema.leavingLake()).isEqualTo(Map.of("shop", Set.of("p_price")));
    schema.leftLake("shop", Set.of("p_price", "p_note"));
    assertThat(schema.leavingLake()).isEmpty();
    ProjectProperties.Place place =
        Objects.requireNonNull(told.get("shop")).place("price", column -> true);
    assertThat(place).isEqualTo(new ProjectProperties.Place(Optional.empty(), List.of("price")));
    assertThat(schema.describe("shop"))
        .filteredOn(each -> each.droppedAt().isPresent())
        .singleElement()
        .satisfies(each -> {
          assertThat(each.column().name()).isEqualTo("price");
          assertThat(each.droppedAt()).contains(Rig.NOW);
          assertThat(each.source()).isEqualTo("web");
        });
  }

  /** Else a key could fill them again as often as an owner clears them. */
  @Test
  void droppingGivesPlacesToOthersAndNotToTheKeyThatHadThem() throws Exception {
    for (int hour = 0; hour < 4; hour++) {
      send("web", AT + hour * HOUR, numbered("a" + hour + "_", 0, 100));
    }
    rig.process();
    assertThat(schema()).hasSize(400);
    try (Processor processor = rig.start()) {
      Set<String> all = schema().stream().map(PropertyColumn::name).collect(Collectors.toSet());
      assertThat(processor.dropColumns("shop", all).get()).hasSize(400);
    }
    send("web", AT + 5 * HOUR, numbered("b", 0, 100));
    for (int hour = 0; hour < 4; hour++) {
      send("app", AT + hour * HOUR, numbered("c" + hour + "_", 0, 100));
    }
    List<CleanRecord> records = rig.process();
    assertThat(columns(records.get(records.size() - 5))).isEmpty();
    assertThat(schema()).hasSize(400).allMatch(column -> column.name().startsWith("c"));
  }

  @Test
  void aProcessorThatHasEndedDropsNothing() throws Exception {
    send("web", AT, Map.of("price", 2.0));
    Processor processor = rig.start();
    processor.awaitCaughtUp(Rig.LONG);
    processor.close();
    assertThat(processor.dropColumns("shop", Set.of("price"))).isCompletedExceptionally();
    assertThat(schema()).hasSize(1);
  }
}
