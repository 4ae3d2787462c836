package weir.tools.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.tools.importing.ImportOptions.ValueType;

/** What the values of a file mean, and when two imports of it mean the same. */
class ImportMeaningTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path temp;
  private final List<String> said = new ArrayList<>();
  private ImportDoor door;

  @BeforeEach
  void open() throws IOException {
    door = new ImportDoor(1, 0);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private final class Said implements ImportProgress {
    @Override
    public void say(String line) {
      said.add(line);
    }

    @Override
    public void update(long done, long size, boolean countsBytes, long rows) {}

    @Override
    public void close() {}
  }

  private static ImportOptions options(
      Path file, @Nullable String format, String zone, ImportOptions.Values values) {
    return new ImportOptions(
        file, false, null, null, null, null, format, ZoneId.of(zone), values, false, Duration.ZERO);
  }

  private ImportResult run(ImportOptions options) throws Exception {
    return run(options, ImportLookup.UNKNOWN);
  }

  private ImportResult run(ImportOptions options, ImportLookup lookup) throws Exception {
    try (Collector collector =
        new Collector(
            HttpClient.newHttpClient(),
            door.url(),
            "wk",
            options.patience(),
            System::nanoTime,
            pause -> {})) {
      return importing(options).run(collector, lookup);
    }
  }

  private FileImport importing(ImportOptions options) {
    return new FileImport(options, () -> NOW, System::nanoTime, new Said());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(temp.resolve(name), text);
  }

  private JsonNode properties(int event) {
    return door.events().get(event).path("properties");
  }

  @Test
  void datesThatDoNotExistAreRefused() throws Exception {
    Path file =
        file(
            "a.csv",
            "event,user,date\nx,u,28.02.2024\nx,u,31.02.2024\nx,u,29.02.2023\nx,u,29.02.2024\n");
    ImportResult result = run(options(file, "dd.MM.yyyy", "UTC", ImportOptions.Values.FOUND));
    assertThat(result.reasons())
        .startsWith(
            "line 3: date is no time: '31.02.2024'", "line 4: date is no time: '29.02.2023'");
    assertThat(door.events())
        .extracting(event -> event.path("timestamp").asText())
        .containsExactly("2024-02-28T00:00:00Z", "2024-02-29T00:00:00Z");
    Path iso =
        file("b.csv", "event,user,date\nx,u,2024-02-28\nx,u,2024-02-31\nx,u,2023-02-29T10:00\n");
    assertThat(run(options(iso, null, "UTC", ImportOptions.Values.FOUND)).refused()).isEqualTo(2);
    Path numbers = file("c.csv", "event,user,date\nx,u,1704067200\nx,u,1704067200000000000\n");
    assertThat(run(options(numbers, "epoch_s", "UTC", ImportOptions.Values.FOUND)).reasons())
        .as("nanoseconds as seconds are beyond all time, not some time")
        .first()
        .asString()
        .startsWith("line 3: date is no time");
    for (String pattern : List.of("uuuu-MM-dd", "dd/MMM/yy", "d.M.yyyy G")) {
      String date =
          pattern.endsWith("G")
              ? "3.1.2024 AD"
              : pattern.contains("MMM") ? "03/Jan/24" : "2024-01-03";
      Path each = file("d.csv", "event,user,date\nx,u," + date + "\n");
      assertThat(run(options(each, pattern, "UTC", ImportOptions.Values.FOUND)).accepted())
          .as(pattern)
          .isEqualTo(1);
    }
  }

  @Test
  void anotherZoneMakesOtherEventsAndTheSameTimesTheSame() throws Exception {
    Path file =
        file("a.csv", "event,user,time\nx,u,2024-01-01 10:00:00\nx,u,2024-01-01T10:00:00Z\n");
    run(options(file, null, "UTC", ImportOptions.Values.FOUND));
    List<String> ids = ids();
    run(options(file, "iso", "UTC", ImportOptions.Values.FOUND));
    assertThat(ids()).as("nothing is changed by these options").isEqualTo(ids);
    run(options(file, null, "Europe/Berlin", ImportOptions.Values.FOUND));
    assertThat(ids()).as("the first row is at another time, the second one is not").hasSize(3);
    assertThat(ids()).containsAll(ids);
    assertThat(door.events().getLast().path("timestamp").asText())
        .isEqualTo("2024-01-01T09:00:00Z");
    run(options(file, null, "Europe/Berlin", ImportOptions.Values.FOUND));
    assertThat(ids()).hasSize(3);
  }

  @Test
  void idsWithoutOptionsStayAsTheyWere() throws Exception {
    Path file =
        file("a.csv", "event,user,time,n\nx,u,2024-01-01,1\nx,u,2024-01-01,1\ny,v,2024-01-02,2\n");
    run(options(file, null, "UTC", ImportOptions.Values.FOUND));
    assertThat(ids())
        .containsExactly(
            "bc27d337abb3c7647dff7907a2502b7a",
            "a9a524e41914577539360494267db47b",
            "c83e324aeb71eef89f2cdcb118d1ece2");
  }

  private List<String> ids() {
    return door.events().stream().map(event -> event.path("messageId").asText()).toList();
  }

  @Test
  void theResultSaysWhatWasThereBefore() throws Exception {
    Path file = file("a.csv", "event,user,time\nx,u,2024-01-01\nx,v,2024-01-01\n");
    ImportOptions options = options(file, null, "UTC", ImportOptions.Values.FOUND);
    ImportResult first = run(options, id -> OptionalLong.of(2));
    assertThat(first.duplicates()).hasValue(0);
    String version = door.events().getFirst().at("/context/library/version").asText();
    assertThat(version).isEqualTo("import " + first.id().text());
    assertThat(door.events().getFirst().at("/context/library/name").asText())
        .isEqualTo("weir-import");
    ImportResult second = run(options, id -> OptionalLong.of(id.equals(first.id()) ? 2 : 0));
    assertThat(second.duplicates()).hasValue(2);
    assertThat(run(options).duplicates()).isEmpty();
  }

  @Test
  void callsKeepTheirOwnLibraryBesideTheImport() throws Exception {
    Path file =
        file(
            "a.ndjson",
            "{\"type\":\"track\",\"event\":\"a\",\"userId\":\"u\",\"context\":{\"library\":{\"name\":\"js\",\"version\":\"1.2\"},\"ip\":\"::1\"}}\n"
                + "{\"type\":\"track\",\"event\":\"b\",\"userId\":\"u\"}\n");
    ImportResult result = run(options(file, null, "UTC", ImportOptions.Values.FOUND));
    String mark = "import " + result.id().text();
    assertThat(door.events().getFirst().path("context").toString())
        .isEqualTo(
            "{\"library\":{\"name\":\"js\",\"version\":\"1.2 " + mark + "\"},\"ip\":\"::1\"}");
    assertThat(door.events().getLast().at("/context/library/version").asText()).isEqualTo(mark);
  }

  @Test
  void parquetHasAnyColumnAndAnyNumber() throws Exception {
    Path file = temp.resolve("a.parquet");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "copy (select 'x' as event, 'u' as \"user\", timestamp '2024-01-01' as \"time\", i as t,"
              + " 7 as rows_of_file, case i when 0 then 'nan'::double when 1 then 'inf' when 2 then '-inf' else 1.5 end as d,"
              + " 12345678901234567890::ubigint as big from range(4) r(i) order by i) to '"
              + file
              + "'");
    }
    assertThat(run(options(file, null, "UTC", ImportOptions.Values.FOUND)).reasons()).isEmpty();
    assertThat(properties(0).toString())
        .isEqualTo("{\"t\":0,\"rows_of_file\":7,\"big\":12345678901234567890}");
    assertThat(properties(1).path("d").asText()).isEqualTo("Infinity");
    assertThat(properties(2).path("d").asText()).isEqualTo("-Infinity");
    assertThat(properties(3).path("d").decimalValue()).isEqualByComparingTo("1.5");
  }

  @Test
  void aColumnOfNumbersMayLackSome() throws Exception {
    Path file =
        file(
            "a.csv",
            "event,user,time,d\nx,u,2024-01-01,nan\nx,u,2024-01-01,2.5\nx,u,2024-01-01,-inf\n");
    run(options(file, null, "UTC", ImportOptions.Values.FOUND));
    assertThat(properties(0).toString()).isEqualTo("{}");
    assertThat(properties(1).toString()).isEqualTo("{\"d\":2.5}");
    assertThat(properties(2).toString()).isEqualTo("{\"d\":\"-Infinity\"}");
  }

  @Test
  void byteOrderMarksAreNoPartOfJson() throws Exception {
    String row = "{\"event\":\"x\",\"user\":\"u\",\"time\":\"2024-01-0%d\"}";
    Path lines =
        file("a.ndjson", "\ufeff" + row.formatted(1) + "\n\ufeff" + row.formatted(2) + "\n");
    Path array = file("a.json", "\ufeff[" + row.formatted(3) + "]");
    assertThat(run(options(lines, null, "UTC", ImportOptions.Values.FOUND)).accepted())
        .isEqualTo(2);
    assertThat(run(options(array, null, "UTC", ImportOptions.Values.FOUND)).accepted())
        .isEqualTo(1);
  }

  @Test
  void typesAndDecimalCommasAreAsTold() throws Exception {
    Path file =
        file(
            "a.csv",
            "event;user;time;price;zip;order_id;paid\n"
                + "x;u;2024-01-01;1.234,50;10115;9007199254740993;true\n"
                + "x;u;2024-01-01;7,5;20095;x;true\n"
                + "x;u;2024-01-01;7;20095;12;yes\n");
    ImportOptions.Values values =
        new ImportOptions.Values(
            false,
            Map.of("zip", ValueType.TEXT, "order_id", ValueType.INTEGER, "paid", ValueType.BOOLEAN),
            ',',
            List.of());
    ImportResult result = run(options(file, null, "UTC", values));
    assertThat(result.reasons())
        .startsWith("line 3: order_id is no integer: 'x'", "line 4: paid is no boolean: 'yes'");
    assertThat(properties(0).toString())
        .isEqualTo(
            "{\"price\":1234.5,\"zip\":\"10115\",\"order_id\":9007199254740993,\"paid\":true}");
    assertThat(Files.readString(temp.resolve("a.csv.refused.csv")))
        .isEqualTo(
            "event;user;time;price;zip;order_id;paid\n"
                + "x;u;2024-01-01;7,5;20095;x;true\nx;u;2024-01-01;7;20095;12;yes\n");
    assertThatThrownBy(() ->
            run(
                options(
                    file,
                    null,
                    "UTC",
                    new ImportOptions.Values(false, Map.of("no", ValueType.TEXT), '.', List.of()))))
        .isInstanceOf(UnclearFileException.class)
        .hasMessageContaining("there is no such column");
  }

  /** Clocks go forward at 02:00 in Berlin, at midnight in Beirut; Apia once left a day out. */
  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, , 2024-03-31 02:30:00, ",
    "Europe/Berlin, , 2024-03-31T02:00, ",
    "Europe/Berlin, , 2024-03-31 01:59:59, 2024-03-31T00:59:59Z",
    "Europe/Berlin, , 2024-03-31 03:00:00, 2024-03-31T01:00:00Z",
    "Europe/Berlin, , 2024-03-31 02:30:00Z, 2024-03-31T02:30:00Z",
    "Europe/Berlin, , 2024-03-31 02:30:00+01:00, 2024-03-31T01:30:00Z",
    "Europe/Berlin, , 2024-10-27 02:30:00, 2024-10-27T00:30:00Z",
    "Europe/Berlin, dd.MM.yyyy HH:mm, 31.03.2024 02:30, ",
    "Europe/Berlin, dd.MM.yyyy HH:mm, 27.10.2024 02:30, 2024-10-27T00:30:00Z",
    "UTC, dd.MM.yyyy HH:mm VV, 31.03.2024 02:30 Europe/Berlin, ",
    "UTC, dd.MM.yyyy HH:mm VV, 31.03.2024 03:30 Europe/Berlin, 2024-03-31T01:30:00Z",
    "UTC, , 2024-03-31 02:30:00, 2024-03-31T02:30:00Z",
    "Asia/Beirut, , 2024-03-31, 2024-03-30T22:00:00Z",
    "Asia/Beirut, , 2024-03-31 00:15, ",
    "Asia/Beirut, dd.MM.yyyy, 31.03.2024, 2024-03-30T22:00:00Z",
    "Pacific/Apia, , 2011-12-30, ",
    "Pacific/Apia, dd.MM.yyyy, 30.12.2011, ",
    "Pacific/Apia, , 2011-12-31, 2011-12-30T10:00:00Z",
  })
  void localTimesThatDoNotExistAreRefused(String zone, String format, String time, String instant)
      throws Exception {
    TimeReader times = TimeReader.of(format, ZoneId.of(zone));
    JsonNode value = JsonNodeFactory.instance.textNode(time);
    assertThat(times.read(value).map(Instant::toString)).isEqualTo(Optional.ofNullable(instant));
    if (instant == null) {
      String skipping = zone.equals("UTC") ? "Europe/Berlin" : zone;
      assertThat(times.problem(value))
          .isEqualTo("does not exist in " + skipping + ", whose clocks were put forward");
    }
  }

  @Test
  void aRowOfSuchATimeSaysSo() throws Exception {
    Path file =
        file(
            "a.csv",
            "event,user,time\nx,u,2024-03-31 01:30:00\nx,u,2024-03-31 02:30:00\nx,u,2024-02-31\n");
    ImportResult result = run(options(file, null, "Europe/Berlin", ImportOptions.Values.FOUND));
    assertThat(result.accepted()).isEqualTo(1);
    List<String> reasons =
        List.of(
            "line 3: time does not exist in Europe/Berlin, whose clocks were put forward:"
                + " '2024-03-31 02:30:00'",
            "line 4: time is no time: '2024-02-31'");
    assertThat(result.reasons()).startsWith(reasons.toArray(String[]::new));
    assertThat(Files.readAllLines(temp.resolve("a.csv.refused.txt")))
        .as("however few they are")
        .isEqualTo(reasons);
    assertThat(result.reasons())
        .contains("these reasons are in " + temp.resolve("a.csv.refused.txt"));
    Path good = file("b.csv", "event,user,time\nx,u,2024-03-31 01:30:00\n");
    run(options(good, null, "Europe/Berlin", ImportOptions.Values.FOUND));
    assertThat(temp.resolve("b.csv.refused.txt")).doesNotExist();
  }

  @Test
  void refusedRowsCanBeMendedAndSent() throws Exception {
    Path csv =
        file(
            "a.csv",
            "event,user,time,note\nx,u,2024-01-01,a\nx,u,never,\"b, \"\"c\"\"\nd\"\nx,u\n");
    run(options(csv, null, "UTC", ImportOptions.Values.FOUND));
    Path refused = temp.resolve("a.csv.refused.csv");
    assertThat(Files.readString(refused))
        .isEqualTo("event,user,time,note\nx,u,never,\"b, \"\"c\"\"\nd\"\nx,u\n");
    Path mended =
        file(
            "mended.csv",
            Files.readString(refused)
                .replace("never", "2024-01-02")
                .replace("x,u\n", "x,w,2024-01-03,\n"));
    assertThat(run(options(mended, null, "UTC", ImportOptions.Values.FOUND)).accepted())
        .isEqualTo(2);
    assertThat(door.events()).hasSize(3);
    assertThat(properties(1).path("note").asText()).isEqualTo("b, \"c\"\nd");
    Path ndjson =
        file(
            "a.ndjson",
            "{\"event\":\"x\",\"user\":\"u\",\"time\":\"2024-01-01\",\"n\":1.50}\n{\"event\":\n");
    run(options(ndjson, null, "UTC", ImportOptions.Values.FOUND));
    assertThat(Files.readString(temp.resolve("a.ndjson.refused.ndjson")))
        .isEqualTo("{\"event\":\n");
  }

  @Test
  void aDryRunShowsWhatRowsWouldBecomeAndSendsNothing() throws Exception {
    Path file =
        file("a.csv", "event,user,when,price\nx,u,31/01/2024 10:00,1\nx,,31/01/2024 10:00,2\n");
    ImportOptions options =
        new ImportOptions(
            file,
            false,
            null,
            null,
            null,
            "when",
            "dd/MM/yyyy HH:mm",
            ZoneId.of("Europe/Berlin"),
            ImportOptions.Values.FOUND,
            false,
            Duration.ZERO);
    importing(options).dryRun();
    assertThat(said)
        .contains(
            "  times    as dd/MM/yyyy HH:mm, in Europe/Berlin where they name no zone:"
                + " '31/01/2024 10:00' is 2024-01-31T09:00:00Z",
            "  property price (number)",
            "line 3: refused, it does not say who did it: user is empty");
    assertThat(said)
        .anyMatch(line ->
            line.startsWith("line 2: {\"type\":\"track\"")
                && line.contains("\"timestamp\":\"2024-01-31T09:00:00Z\"")
                && line.contains("\"price\":1"));
    assertThat(door.requests()).isZero();
    assertThat(temp.resolve("a.csv.import-state.json")).doesNotExist();
  }
}
