package weir.query.duckdb;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;
import weir.lake.LakeOptions;
import weir.lake.reading.LakeReader;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.log.EventLog;
import weir.log.PartitionedLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.LakeSource;
import weir.query.Query;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.RowLimit;
import weir.query.SystemTable;
import weir.query.hottail.HotTail;
import weir.query.hottail.LakeState;
import weir.query.hottail.TailOptions;
import weir.testkit.hostile.FileState;
import weir.testkit.hostile.Leaks;

/**
 * One engine with two projects, alike in their tables, with rows in the lake and in the tail. Every
 * text of a project's rows begins with a word that occurs nowhere else; the own project has rows
 * with another word too, which a limited key must not see.
 */
final class HostileWorld implements AutoCloseable {
  static final String OWN = "shop";
  static final String OWN_WORD = "qarvomel";
  static final String HIDDEN_WORD = "hyxtrofu";
  static final String OTHER_WORD = "zubwexin";
  static final String ABSENT_WORD = "plimzado";

  /** Begins with the other's name, as paths may do. */
  static final String OTHER = OWN + "-" + OTHER_WORD;

  /** The own project, and the rows of the own word alone. */
  static final Access LIMITED = Access.to(OWN).limitedTo(new RowLimit("plan", OWN_WORD + "plan"));

  private static final int EVENTS = 24;
  private static final long NOON =
      Instant.parse("2026-03-01T12:00:00Z").getEpochSecond() * 1_000_000;
  private static final int ROWS_SEEN = 5_000;

  /** What a statement came to: everything that its user would see, and the error if it failed. */
  record Seen(String text, @Nullable QueryError error) {}

  private final Path dir;
  private final Path lakeDir;
  private final Path spill;
  private final Path scratch;
  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final DuckDbEngine engine;
  private final EventLog log;
  private final Set<Deadline> deadlines = ConcurrentHashMap.newKeySet();
  private final Set<String> forbidden;
  private int appended;

  HostileWorld(Path dir) throws Exception {
    this.dir = dir.toRealPath();
    this.lakeDir = this.dir.resolve("lake");
    this.spill = Files.createDirectories(this.dir.resolve("spill"));
    this.scratch = Files.createDirectories(this.dir.resolve("scratch"));
    log =
        keep(
            EmbeddedLog.writer(
                weir.log.files.Files.system(),
                this.dir.resolve("clean"),
                new LogOptions(1 << 20, 1 << 30, 0, 1 << 20),
                InstantSource.system()));
    fillLake();
    LakeReader reader = keep(LakeReader.open(lakeDir));
    EventLog followed =
        keep(EmbeddedLog.reader(weir.log.files.Files.readOnly(), this.dir.resolve("clean")));
    HotTail tail =
        keep(
            HotTail.start(
                PartitionedLog.of(followed),
                LakeState.of(reader),
                new TailOptions(64L << 20, 50, Duration.ofMillis(20)),
                System::nanoTime,
                new SimpleMeterRegistry()));
    engine =
        keep(
            new DuckDbEngine(
                new DuckDbOptions(spill, 256L << 20, 64L << 20, 2, 4),
                LakeSource.of(reader, lakeDir),
                tail,
                List.of(ledger())));
    tail.onDrop(engine::dropUnusedTail);
    watch();
    append(EVENTS / 2);
    Files.writeString(scratch.resolve("secret.csv"), "a,b\n" + OTHER_WORD + "file,1\n");
    forbidden = forbidden();
    awaitRows();
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.add(part);
    return part;
  }

  private static SystemTable ledger() {
    return new SystemTable(
        "ledger",
        List.of(
            new SystemTable.Column("minute", ColumnType.TIMESTAMP),
            new SystemTable.Column("source", ColumnType.STRING)),
        "minute",
        (project, span, rows) -> rows.accept(new Object[] {NOON, word(project) + "source"}));
  }

  private static String word(String project) {
    return project.equals(OWN) ? OWN_WORD : OTHER_WORD;
  }

  private void fillLake() throws Exception {
    LakeOptions usual = LakeOptions.DEFAULT;
    try (Lake lake =
            Lake.open(
                lakeDir,
                weir.log.files.Files.system(),
                usual,
                InstantSource.system(),
                new SimpleMeterRegistry());
        LakeWriter writer = lake.writer(PartitionedLog.of(log))) {
      writer.start();
      append(EVENTS / 2);
      writer.flush().get(1, TimeUnit.MINUTES);
    }
  }

  /** Appends as many events to each project, and a bad one. */
  private void append(int count) throws IOException {
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(codec.encode(event(OWN, OWN_WORD, appended++)));
      frames.add(codec.encode(event(OWN, HIDDEN_WORD, appended++)));
      frames.add(codec.encode(event(OTHER, OTHER_WORD, appended++)));
    }
    for (String project : List.of(OWN, OTHER)) {
      String text = word(project) + "bad";
      frames.add(
          codec.encode(
              new BadEvent(
                  origin(project, 10_000 + appended),
                  text + appended,
                  text + "event",
                  "segment",
                  "validate",
                  "too_old",
                  text + "message",
                  ("{\"x\":\"" + text + "payload\"}").getBytes(StandardCharsets.UTF_8))));
    }
    log.append(frames);
  }

  private static Origin origin(String project, int number) {
    return new Origin(
        project,
        word(project) + "origin",
        NOON + number,
        NOON + number,
        new RawPosition(number, 0));
  }

  private static CleanEvent event(String project, String word, int number) {
    boolean identifies = number / 3 % 4 == 3;
    CleanEvent.Builder event = CleanEvent.builder();
    for (EventColumn column : EventColumn.values()) {
      if (column.type() == ColumnType.STRING && column != EventColumn.RAW_POSITION) {
        event.set(column, word + column.columnName() + number / 3 % 5);
      }
    }
    event
        .set(EventColumn.EVENT, eventName(word, number))
        .set(EventColumn.KIND, identifies ? "identify" : "track")
        .set(EventColumn.EVENT_ID, word + "id" + number)
        .set(EventColumn.TIMESTAMP, NOON + number)
        .set(EventColumn.VALUE, (double) number)
        .set(EventColumn.PROPERTIES, "{\"" + word + "key\":\"" + word + "value\"}");
    return event
        .properties(Map.of("p_plan", word + "plan", "p_" + word(project), word + "property"))
        .build(origin(project, number));
  }

  private static String eventName(String word, int number) {
    return switch (number / 3 % 4) {
      case 0 -> "Signed Up";
      case 1 -> "Viewed";
      case 2 -> word + "event";
      default -> "identified";
    };
  }

  /**
   * What statements hold.
   *
   * @param word that the rows begin with that they are after
   */
  Map<String, String> places(String word) {
    Path warehouse = lakeDir.resolve("warehouse");
    Map<String, String> places = new TreeMap<>();
    places.put("other", OTHER);
    places.put("other_event", word + "event");
    places.put("other_user", word + "user_id0");
    places.put("prefix", word);
    places.put("lake", lakeDir.toString());
    places.put("spill", spill.toString());
    places.put("scratch", scratch.toString());
    places.put("secret_file", scratch.resolve("secret.csv").toString());
    places.put("own_folder", warehouse.resolve(OWN).toString());
    places.put("other_folder", warehouse.resolve(OTHER).toString());
    places.put("own_file", dataFile(warehouse.resolve(OWN)).toString());
    places.put("other_file", dataFile(warehouse.resolve(OTHER)).toString());
    places.put("port", "1");
    return places;
  }

  private static Path dataFile(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .sorted()
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Texts that no answer may hold, unless the statement holds them itself. */
  private Set<String> forbidden() {
    Set<String> texts = ConcurrentHashMap.newKeySet();
    texts.add(dir.toString());
    texts.add("root:x:0:0");
    texts.add("allowed_directories");
    texts.add("weir_tail_");
    texts.add("weir_identities");
    texts.add("weir_limited_");
    texts.add("weir_own_identities");
    System.getenv().values().stream().filter(value -> value.length() > 7).forEach(texts::add);
    Set<String> folded = ConcurrentHashMap.newKeySet();
    texts.forEach(text -> folded.add(text.toLowerCase(Locale.ROOT)));
    return folded;
  }

  private void awaitRows() {
    for (String project : List.of(OWN, OTHER)) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() ->
              run(Access.to(project), "select count(*) from events", false, Duration.ofMinutes(1))
                  .text()
                  .endsWith("\n" + (project.equals(OWN) ? 2 * EVENTS : EVENTS)));
    }
  }

  private void watch() {
    ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    opened.add(watch::shutdownNow);
    watch.scheduleWithFixedDelay(
        () -> deadlines.forEach(Deadline::enforce), 10, 10, TimeUnit.MILLISECONDS);
  }

  DuckDbEngine engine() {
    return engine;
  }

  /** Runs a statement. */
  Seen run(Access access, String sql, boolean postgres, Duration timeout) {
    Deadline deadline = new Deadline(System::nanoTime, timeout);
    deadlines.add(deadline);
    try {
      return TestEngine.on(
          engine, () -> seen(new Query(access, sql, parameters(sql), postgres), deadline));
    } catch (QueryException e) {
      return new Seen(String.valueOf(e.getMessage()), e.error());
    } finally {
      deadlines.remove(deadline);
    }
  }

  private static List<@Nullable Object> parameters(String sql) {
    long marks = sql.length() > 1_000 ? 0 : sql.chars().filter(c -> c == '?').count();
    @Nullable Object[] values = new @Nullable Object[(int) marks];
    Arrays.fill(values, "parameter");
    return Arrays.asList(values);
  }

  private Seen seen(Query query, Deadline deadline) throws QueryException {
    StringBuilder text = new StringBuilder();
    try (QueryRows rows = engine.run(query, deadline)) {
      rows.columns().forEach(column -> text.append(column.name()).append(column.type()));
      for (int row = 0; row < ROWS_SEEN && rows.next(); row++) {
        text.append('\n');
        for (int i = 0; i < rows.columns().size(); i++) {
          append(text, rows.value(i));
        }
      }
    }
    return new Seen(text.toString(), null);
  }

  private static void append(StringBuilder text, @Nullable Object value) {
    switch (value) {
      case byte[] bytes ->
          text.append(new String(bytes, StandardCharsets.ISO_8859_1))
              .append(HexFormat.of().formatHex(bytes));
      case List<?> list -> list.forEach(element -> append(text, element));
      case Map<?, ?> map ->
          map.forEach((key, element) -> {
            append(text, key);
            append(text, element);
          });
      case null, default -> text.append(value);
    }
  }

  /** What an answer about the own project shows that is none of the asker's business. */
  List<String> leaks(Access access, String sql, Seen seen) {
    String text = seen.text().toLowerCase(Locale.ROOT);
    String asked = sql.toLowerCase(Locale.ROOT);
    List<String> leaks = new ArrayList<>(Leaks.words(OTHER_WORD, text, asked));
    if (access.limit().isPresent()) {
      leaks.addAll(Leaks.words(HIDDEN_WORD, text, asked));
    }
    forbidden.stream()
        .filter(each -> text.contains(each) && !asked.contains(each))
        .forEach(leaks::add);
    return leaks;
  }

  /** All files but those that the engine spills to, and what they hold. */
  Map<Path, String> files() throws IOException {
    Map<Path, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dir)) {
      files
          .filter(file -> !file.startsWith(spill.resolve("temporary")))
          .forEach(file -> found.put(file, FileState.of(file)));
    }
    return found;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
  }
}
