package weir.server.importing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

  private final ImportOptions options;
  private final Collector collector;
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
      ImportOptions options,
      Collector collector,
      InstantSource clock,
      LongSupplier ticker,
      ImportProgress progress) {
    this.options = options;
    this.collector = collector;
    this.clock = clock;
    this.ticker = ticker;
    this.progress = progress;
  }

  /**
   * Imports, and says how far that came also when it is stopped by a failure.
   *
   * @throws UnclearFileException before anything is sent, if more must be told
   * @throws IOException before anything is sent, if the file or the collector cannot be reached
   */
  public ImportResult run() throws IOException, InterruptedException {
    try (RowSource source = open(options.file())) {
      collector.check();
      ImportState state = ImportState.of(options, collector.url(), collector.key());
      ImportState.Progress before =
          options.fromStart()
              ? ImportState.Progress.NONE
              : state.read().orElse(ImportState.Progress.NONE);
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      try (OccurrenceCounter occurrences = new OccurrenceCounter(temporary);
          Refusals refusals = new Refusals(ImportState.place(options.file(), ".refused.txt"));
          Sending sending = new Sending(collector, refusals)) {
        EventMaker maker = prepare(source, occurrences);
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
            rows,
            all.accepted(),
            refused + all.refused(),
            all.quarantined(),
            before.delivered().accepted(),
            refusals.describe(),
            failure,
            state.file());
      }
    }
  }

  static RowSource open(Path path) throws IOException {
    InputFile file = InputFile.open(path);
    try {
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

  private EventMaker prepare(RowSource source, OccurrenceCounter occurrences) throws IOException {
    List<ObjectNode> sample = sample(source);
    if (sample.isEmpty()) {
      throw new UnclearFileException(
          options.file()
              + " has no row that can be read"
              + (sampled.isEmpty() ? "" : "; " + describe(sampled.element())));
    }
    Columns columns = Columns.choose(options, sample);
    TextTypes types = source.isText() ? TextTypes.of(sample) : TextTypes.none();
    EventMaker maker = new EventMaker(columns, options, types, source.isText(), occurrences, clock);
    checkTimes(columns, maker, sample);
    Set<String> properties = new LinkedHashSet<>();
    sample.forEach(row -> row.fieldNames().forEachRemaining(properties::add));
    properties.removeIf(name -> !columns.isProperty(name));
    progress.say(options.file() + ": " + source.describe());
    columns
        .describe(options, types, List.copyOf(properties))
        .forEach(line -> progress.say("  " + line));
    return maker;
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

  private void checkTimes(Columns columns, EventMaker maker, List<ObjectNode> sample)
      throws UnclearFileException {
    String column = columns.time();
    if (column == null || sample.stream().anyMatch(maker::readsTime)) {
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
      take(row, maker, before, refusals);
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

  private void take(Row row, EventMaker maker, ImportState.Progress before, Refusals refusals)
      throws IOException {
    switch (row) {
      case Row.Unreadable bad -> refuse(refusals, bad.line(), bad.reason());
      case Row.Values values -> {
        switch (maker.make(values.columns())) {
          case EventMaker.Made.Refused no -> refuse(refusals, row.line(), no.reason());
          case EventMaker.Made.Event event -> {
            if (rows >= before.rows()) {
              gathered.add(new Batch.Event(row.line(), event.json()));
              gatheredBytes += event.json().length;
            }
          }
        }
      }
    }
  }

  private void refuse(Refusals refusals, long line, String reason) throws IOException {
    refused++;
    refusals.add(line, reason);
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
              sending.storedRows(), before.delivered().plus(sending.delivered())));
    }
  }
}
