package weir.tools.importing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Imports one file. Memory is bounded whatever the file's size: a sample of its first rows, the
 * batches under way, and the count of rows, which is on disk.
 *
 * <p>Ids are made of the rows, so importing a file again adds nothing. What was acknowledged is
 * noted every second beside the file; an import that was interrupted reads up to there without
 * sending.
 */
public final class FileImport {
  private static final int SAMPLE_ROWS = 1_000;
  private static final long SAMPLE_BYTES = 4 << 20;
  private static final int BATCH_EVENTS = 1_000;
  private static final int BATCH_BYTES = 1 << 20;
  private static final Duration NOTE_EVERY = Duration.ofSeconds(1);
  private static final int SHOWN_EVENTS = 5;

  private final ImportOptions options;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final ImportProgress progress;

  private final Deque<Row> sampled = new ArrayDeque<>();
  private List<Batch.Event> gathered = new ArrayList<>();
  private long gatheredBytes;
  private long rows;
  private long refused;
  private long lastNote;

  /**
   * @param ticker nanoseconds
   */
  public FileImport(
      ImportOptions options, InstantSource clock, LongSupplier ticker, ImportProgress progress) {
    this.options = options;
    this.clock = clock;
    this.ticker = ticker;
    this.progress = progress;
  }

  /**
   * Says what the columns and times mean, and shows the first rows as the events that they would
   * become. Sends nothing.
   *
   * @throws UnclearFileException if more must be told
   */
  public void dryRun() throws IOException {
    try (RowSource source = open(options);
        OccurrenceCounter occurrences = new OccurrenceCounter(temporary())) {
      EventMaker maker = prepare(source, occurrences, newId());
      for (int i = 0; i < SHOWN_EVENTS && !sampled.isEmpty(); i++) {
        Row row = sampled.remove();
        String shown =
            switch (row) {
              case Row.Unreadable bad -> "refused, " + bad.reason();
              case Row.Values values ->
                  switch (maker.make(values.columns())) {
                    case EventMaker.Made.Refused no -> "refused, " + no.reason();
                    case EventMaker.Made.Event made ->
                        new String(made.json(), StandardCharsets.UTF_8);
                  };
            };
        progress.say("line " + row.line() + ": " + shown);
      }
    }
  }

  private ImportId newId() {
    return ImportId.of(clock.instant(), ThreadLocalRandom.current().nextInt());
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /**
   * Imports, and says how far that came also when it is stopped by a failure.
   *
   * @param lookup asked at the end how many of the events are new
   * @throws UnclearFileException before anything is sent, if more must be told
   * @throws IOException before anything is sent, if the file or the collector cannot be reached
   */
  public ImportResult run(Collector collector, ImportLookup lookup)
      throws IOException, InterruptedException {
    try (RowSource source = open(options)) {
      collector.check();
      ImportState state = ImportState.of(options, collector.url(), collector.key());
      ImportState.Progress before = before(state);
      try (OccurrenceCounter occurrences = new OccurrenceCounter(temporary());
          Refusals refusals = new Refusals(options.file(), source);
          Sending sending = new Sending(collector, refusals, source)) {
        EventMaker maker = prepare(source, occurrences, before.id());
        if (before.rows() > 0) {
          progress.say(
              "Going on after row " + before.rows() + ", up to which an earlier import came.");
        }
        String failure = null;
        try {
          sendAll(source, maker, before, sending, refusals, state);
          state.delete();
        } catch (IOException e) {
          failure = String.valueOf(e.getMessage());
          note(state, before, sending);
        } catch (InterruptedException e) {
          note(state, before, sending);
          throw e;
        }
        Sending.Delivered all = before.delivered().plus(sending.delivered());
        return new ImportResult(
            before.id(),
            rows,
            all.accepted(),
            refused + all.refused(),
            all.quarantined(),
            failure == null ? duplicates(lookup, before.id(), all) : OptionalLong.empty(),
            before.delivered().accepted(),
            refusals.describe(),
            failure,
            state.file());
      }
    }
  }

  private ImportState.Progress before(ImportState state) {
    return (options.fromStart() ? Optional.<ImportState.Progress>empty() : state.read())
        .orElseGet(() -> ImportState.Progress.none(newId()));
  }

  private static OptionalLong duplicates(
      ImportLookup lookup, ImportId id, Sending.Delivered delivered) throws InterruptedException {
    try {
      OptionalLong there = lookup.count(id);
      return there.isEmpty()
          ? there
          : OptionalLong.of(
              Math.max(0, delivered.accepted() + delivered.quarantined() - there.getAsLong()));
    } catch (IOException e) {
      return OptionalLong.empty(); // all is stored; how much of it is new, is told later
    }
  }

  static RowSource open(ImportOptions options) throws IOException {
    Path path = options.file();
    InputFile file = InputFile.open(path);
    try {
      if (options.values().accessLog()) {
        return new AccessLogRows(file);
      }
      return switch (file.kind()) {
        case CSV -> new CsvRows(file);
        case NDJSON -> new NdjsonRows(file);
        case JSON_ARRAY -> new JsonArrayRows(file);
        case PARQUET -> {
          file.close();
          yield new ParquetRows(path);
        }
      };
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private EventMaker prepare(RowSource source, OccurrenceCounter occurrences, ImportId id)
      throws IOException {
    List<ObjectNode> sample = sample(source);
    if (sample.isEmpty()) {
      throw new UnclearFileException(
          options.file()
              + " has no row that can be read"
              + (sampled.isEmpty() ? "" : "; " + describe(sampled.element())));
    }
    Meaning told = Meaning.of(options, sample, source.isText());
    Meaning plain = Meaning.plain(options, sample, source.isText());
    checkTimes(told, sample);
    Set<String> names = new LinkedHashSet<>();
    sample.forEach(row -> row.fieldNames().forEachRemaining(names::add));
    checkTypes(told, names);
    progress.say(options.file() + ": " + source.describe());
    List<String> properties = new ArrayList<>(names);
    properties.removeIf(name -> !told.columns().isProperty(name));
    told.columns()
        .describe(options, told.types(), properties)
        .forEach(line -> progress.say("  " + line));
    describeTimes(told, sample);
    return new EventMaker(told, plain, options, id, occurrences, clock);
  }

  private static void checkTypes(Meaning told, Set<String> names) throws UnclearFileException {
    String unknown = told.types().unknown(names);
    if (unknown != null) {
      throw new UnclearFileException(
          "--types names a column "
              + unknown
              + ": there is no such column; there are "
              + String.join(", ", names));
    }
  }

  private void describeTimes(Meaning told, List<ObjectNode> sample) {
    String column = told.columns().time();
    if (column != null) {
      sample.stream()
          .filter(row -> told.of(row).time().isPresent())
          .findFirst()
          .ifPresent(row ->
              progress.say(
                  "  times    "
                      + told.times().describe()
                      + ": '"
                      + Columns.text(row, column)
                      + "' is "
                      + told.of(row).time().orElseThrow()));
    }
  }

  private static String describe(Row row) {
    return row instanceof Row.Unreadable bad ? "line " + bad.line() + ": " + bad.reason() : "";
  }

  private List<ObjectNode> sample(RowSource source) throws IOException {
    List<ObjectNode> sample = new ArrayList<>();
    for (long bytes = 0; sampled.size() < SAMPLE_ROWS && bytes < SAMPLE_BYTES; ) {
      Row row = source.next();
      if (row == null) {
        break;
      }
      sampled.add(row);
      if (row instanceof Row.Values values) {
        sample.add(values.columns());
        bytes += values.columns().toString().length();
      }
    }
    return sample;
  }

  private void checkTimes(Meaning told, List<ObjectNode> sample) throws UnclearFileException {
    String column = told.columns().time();
    if (column == null || sample.stream().anyMatch(row -> told.of(row).time().isPresent())) {
      return;
    }
    String example =
        sample.stream()
            .map(row -> Columns.text(row, column))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    String format = options.timeFormat();
    throw new UnclearFileException(
        "the times in column "
            + column
            + " cannot be read"
            + (format == null ? "" : " by --time-format '" + format + "'")
            + (example.isEmpty() ? ": it is empty" : ", for instance '" + example + "'")
            + ". Give --time-column C, or --time-format, such as 'dd/MM/yyyy HH:mm:ss' or epoch_ms");
  }

  private void sendAll(
      RowSource source,
      EventMaker maker,
      ImportState.Progress before,
      Sending sending,
      Refusals refusals,
      ImportState state)
      throws IOException, InterruptedException {
    lastNote = ticker.getAsLong();
    for (Row row = nextRow(source); row != null; row = nextRow(source)) {
      take(row, maker, before, refusals, source);
      rows++;
      if (gathered.size() >= BATCH_EVENTS || gatheredBytes >= BATCH_BYTES) {
        flush(sending);
      }
      if (rows % BATCH_EVENTS == 0) {
        progress.update(
            source.done(),
            source.size(),
            source.countsBytes(),
            Math.max(sending.storedRows(), Math.min(rows, before.rows())));
        noteInTime(state, before, sending);
      }
    }
    flush(sending);
    sending.finish();
    progress.update(source.size(), source.size(), source.countsBytes(), rows);
  }

  private @Nullable Row nextRow(RowSource source) throws IOException {
    return sampled.isEmpty() ? source.next() : sampled.remove();
  }

  private void take(
      Row row, EventMaker maker, ImportState.Progress before, Refusals refusals, RowSource source)
      throws IOException {
    switch (row) {
      case Row.Unreadable bad -> {
        refused++;
        refusals.add(bad.line(), bad.reason(), bad.text());
      }
      case Row.Values values -> {
        switch (maker.make(values.columns())) {
          case EventMaker.Made.Refused no -> {
            refused++;
            refusals.add(row.line(), no.reason(), source.text(values));
          }
          case EventMaker.Made.Event event -> {
            if (rows >= before.rows()) {
              gathered.add(new Batch.Event(values, event.json()));
              gatheredBytes += event.json().length;
            }
          }
        }
      }
    }
  }

  private void flush(Sending sending) throws IOException, InterruptedException {
    sending.send(new Batch(rows, gathered));
    gathered = new ArrayList<>();
    gatheredBytes = 0;
  }

  private void noteInTime(ImportState state, ImportState.Progress before, Sending sending)
      throws IOException {
    if (ticker.getAsLong() - lastNote >= NOTE_EVERY.toNanos()) {
      lastNote = ticker.getAsLong();
      note(state, before, sending);
    }
  }

  private void note(ImportState state, ImportState.Progress before, Sending sending)
      throws IOException {
    if (sending.storedRows() > before.rows()) {
      state.write(
          new ImportState.Progress(
              before.id(), sending.storedRows(), before.delivered().plus(sending.delivered())));
    }
  }
}
