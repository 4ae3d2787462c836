package weir.tools.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileImportTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path temp;
  private final List<String> said = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private ImportLookup lookup = ImportLookup.UNKNOWN;

  private ImportResult run(Path file, String url) throws Exception {
    return run(options(file, null, null), url);
  }

  private ImportResult run(ImportOptions options, String url) throws Exception {
    try (Collector collector =
        new Collector(
            HttpClient.newHttpClient(),
            url,
            "wk",
            options.patience(),
            nanos::get,
            pause -> nanos.addAndGet(pause.toNanos()))) {
      return new FileImport(options, () -> NOW, () -> nanos.addAndGet(1), new Said())
          .run(collector, lookup);
    }
  }

  private static ImportOptions options(
      Path file, @Nullable String event, @Nullable String timeFormat) {
    return new ImportOptions(
        file,
        false,
        event,
        null,
        null,
        null,
        timeFormat,
        ZoneId.of("UTC"),
        ImportOptions.Values.FOUND,
        false,
        Duration.ofMinutes(2));
  }

  private final class Said implements ImportProgress {
    @Override
    public void say(String line) {
      said.add(line);
    }

    @Override
    public void update(long done, long size, boolean countsBytes, long rows) {
      assertThat(done).isLessThanOrEqualTo(size);
      nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    }

    @Override
    public void close() {}
  }

  private Path csv(int rows) throws IOException {
    StringBuilder text = new StringBuilder("event,user_id,timestamp,price,zip,on sale\n");
    for (int i = 0; i < rows; i++) {
      text.append(
          "e%d,u%d,2024-01-01 00:00:%02d,%d.5,0%d,%b\n"
              .formatted(i % 3, i % 50, i % 60, i % 7, i % 9, i % 2 == 0));
    }
    return Files.writeString(temp.resolve("rows.csv"), text);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void troubleOnTheWayNeitherLosesNorDoublesRows(long seed) throws Exception {
    Path file = csv(25_000);
    try (ImportDoor door = new ImportDoor(seed, 40)) {
      ImportResult result = run(file, door.url());
      assertThat(result.failure()).isNull();
      assertThat(result.rows()).isEqualTo(25_000);
      assertThat(result.accepted()).isEqualTo(25_000);
      assertThat(door.events()).hasSize(25_000);

      assertThat(run(file, door.url()).accepted()).isEqualTo(25_000);
      assertThat(door.events()).hasSize(25_000);
    }
  }

  @Test
  void rowsOfUsersBecomeIdentifyCalls() throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("users.csv"),
            "email,id,plan,seats,created_at\n"
                + "a@x,u1,free,3,2024-01-01\nb@x,u2,big,,2024-02-01\nc@x,,big,1,2024-02-01\n");
    ImportOptions options =
        new ImportOptions(
            file,
            true,
            null,
            null,
            "id",
            null,
            null,
            ZoneId.of("UTC"),
            ImportOptions.Values.FOUND,
            false,
            Duration.ofMinutes(2));
    try (ImportDoor door = new ImportDoor(1, 0)) {
      for (int times = 0; times < 2; times++) {
        ImportResult result = run(options, door.url());
        assertThat(result.accepted()).isEqualTo(2);
        assertThat(result.refused()).isEqualTo(1);
        assertThat(door.events()).hasSize(2);
      }
      JsonNode first =
          door.events().stream()
              .filter(event -> event.path("userId").asText().equals("u1"))
              .findFirst()
              .orElseThrow();
      assertThat(first.path("type").asText()).isEqualTo("identify");
      assertThat(first.has("event")).isFalse();
      assertThat(first.has("timestamp")).isFalse();
      assertThat(first.path("traits").toString())
          .isEqualTo(
              "{\"email\":\"a@x\",\"plan\":\"free\",\"seats\":3,\"created_at\":\"2024-01-01\"}");
      assertThat(said).contains("  rows     are users");
    }
  }

  @Test
  void equalRowsStaySeparateEvents() throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("a.csv"),
            "event,user,time\n" + "x,u,2024-01-01\n".repeat(3) + "y,u,2024-01-01\n");
    try (ImportDoor door = new ImportDoor(1, 0)) {
      assertThat(run(file, door.url()).accepted()).isEqualTo(4);
      assertThat(door.events()).hasSize(4);
    }
  }

  @Test
  void theFormatDoesNotChangeTheIds() throws Exception {
    String rows =
        IntStream.range(0, 500)
            .mapToObj(i ->
                "{\"event\":\"e\",\"userId\":\"u%d\",\"timestamp\":\"2024-01-01 00:00:00\",\"n\":%d}"
                    .formatted(i % 20, i % 40))
            .reduce((a, b) -> a + "\n" + b)
            .orElseThrow();
    Path plain = Files.writeString(temp.resolve("a.ndjson"), rows);
    Path gzip = temp.resolve("a.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      out.write(rows.getBytes(StandardCharsets.UTF_8));
    }
    Path zstd = temp.resolve("a.zst");
    try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zstd))) {
      out.write(rows.getBytes(StandardCharsets.UTF_8));
    }
    Path array =
        Files.writeString(temp.resolve("a.json"), "[" + rows.replace("\n", ",\n ") + "]\n");
    Path parquet = temp.resolve("a.parquet");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "copy (select * from read_json('%s', columns = {event: 'varchar', userId: 'varchar', timestamp: 'timestamp', n: 'bigint'})) to '%s'"
              .formatted(plain, parquet));
    }
    try (ImportDoor door = new ImportDoor(1, 0)) {
      for (Path file : List.of(plain, gzip, zstd, array, parquet)) {
        ImportResult result = run(file, door.url());
        assertThat(result.reasons()).as(file.toString()).isEmpty();
        assertThat(result.accepted()).as(file.toString()).isEqualTo(500);
        assertThat(door.events()).as(file.toString()).hasSize(500);
      }
    }
  }

  @Test
  void csvValuesHaveTheTypeOfTheirColumn() throws Exception {
    Path file = csv(20);
    try (ImportDoor door = new ImportDoor(1, 0)) {
      run(file, door.url());
      JsonNode event = door.events().getFirst();
      assertThat(event.toString())
          .contains(
              "\"event\":\"e0\"",
              "\"userId\":\"u0\"",
              "\"timestamp\":\"2024-01-01T00:00:00Z\"",
              "\"price\":0.5",
              "\"zip\":\"00\"",
              "\"on sale\":true");
      assertThat(said).anyMatch(line -> line.contains("price (number)"));
    }
  }

  @Test
  void whatIsNoEventIsNamedWithItsLineAndReason() throws Exception {
    StringBuilder text = new StringBuilder("event,user,time\nx,u,2024-01-01\n");
    for (int i = 0; i < 30; i++) {
      text.append("x,,2024-01-01\n");
    }
    text.append("x,u,2024-13-01\nx,u\n\nx,u,2999-01-01\nx,u,2024-01-02\n");
    Path file = Files.writeString(temp.resolve("a.csv"), text);
    try (ImportDoor door = new ImportDoor(1, 0)) {
      ImportResult result = run(file, door.url());
      assertThat(result.accepted()).isEqualTo(2);
      assertThat(result.refused()).isEqualTo(33);
      assertThat(result.rows()).isEqualTo(35);
      assertThat(result.reasons())
          .hasSize(22)
          .startsWith("line 3: it does not say who did it: user is empty");
      assertThat(Files.readAllLines(temp.resolve("a.csv.refused.txt")))
          .hasSize(33)
          .contains(
              "line 33: time is no time: '2024-13-01'",
              "line 34: it has 2 values, the header 3",
              "line 36: time is before 2000 or more than a day ahead: '2999-01-01'");
    }
  }

  @Test
  void anInterruptedImportGoesOnWhereItWas() throws Exception {
    Path file = csv(30_000);
    try (ImportDoor door = new ImportDoor(1, 0)) {
      door.refuseAfter(15);
      ImportResult first = run(file, door.url());
      assertThat(first.failure()).contains("the log is full");
      assertThat(first.accepted()).isBetween(5_000L, 15_000L);
      assertThat(first.state()).exists();

      int before = door.requests();
      door.refuseAfter(Integer.MAX_VALUE);
      ImportResult second = run(file, door.url());
      assertThat(second.failure()).isNull();
      assertThat(second.accepted()).isEqualTo(30_000);
      assertThat(second.resumed()).isEqualTo(first.accepted());
      assertThat(door.events()).hasSize(30_000);
      assertThat(door.requests() - before).isLessThanOrEqualTo(25);
      assertThat(second.state()).doesNotExist();
    }
  }

  @Test
  void whatIsNotClearIsAskedForBeforeAnythingIsSent() throws Exception {
    try (ImportDoor door = new ImportDoor(1, 0)) {
      Path file = Files.writeString(temp.resolve("a.csv"), "what,who,wann\nx,u,1.2.2024\n");
      assertThatThrownBy(() -> run(file, door.url()))
          .isInstanceOf(UnclearFileException.class)
          .hasMessageContaining("names the event")
          .hasMessageContaining("what, who, wann");
      Path times = Files.writeString(temp.resolve("b.csv"), "event,user,date\nx,u,1.2.2024\n");
      assertThatThrownBy(() -> run(times, door.url())).hasMessageContaining("'1.2.2024'");
      assertThat(run(options(times, null, "d.M.yyyy"), door.url()).accepted()).isEqualTo(1);
      assertThat(door.requests()).isEqualTo(1);
    }
  }

  @Test
  void aFileThatIsNoneOfTheseIsCalledWhatItSeemsToBe() throws Exception {
    Path excel = temp.resolve("a.csv");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(excel))) {
      zip.putNextEntry(new ZipEntry("xl/workbook.xml"));
    }
    assertThatThrownBy(() -> run(excel, "http://127.0.0.1:1"))
        .hasMessage(
            "the file seems to be a ZIP archive, perhaps of Excel (.xlsx): save it as CSV, or"
                + " unpack it");
    Path latin =
        Files.write(
            temp.resolve("b.csv"), "größe,user\n1,u\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> run(latin, "http://127.0.0.1:1"))
        .hasMessageStartingWith("the file is not UTF-8; convert it first");
  }

  @Test
  void aCollectorThatIsNotThereIsNamed() throws Exception {
    String url;
    try (ImportDoor door = new ImportDoor(1, 0)) {
      url = door.url();
    }
    assertThatThrownBy(() -> run(csv(3), url))
        .hasMessageContaining("no collector answers at " + url);
  }
}
