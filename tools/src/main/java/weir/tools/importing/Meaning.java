package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a row mean, by some options.
 *
 * @param event the name of every event; null where a column names it
 */
record Meaning(Columns columns, TimeReader times, TextTypes types, @Nullable String event) {
  /**
   * By options.
   *
   * @param text whether all values of the file are text
   * @throws UnclearFileException if they do not tell enough
   */
  static Meaning of(ImportOptions options, List<ObjectNode> sample, boolean text)
      throws UnclearFileException {
    return of(options, Columns.choose(options, sample), sample, text);
  }

  /** What the rows would mean without options, as far as that can be said. */
  static Meaning plain(ImportOptions options, List<ObjectNode> sample, boolean text)
      throws UnclearFileException {
    ImportOptions plain = options.plain();
    return of(plain, Columns.find(plain, sample), sample, text);
  }

  private static Meaning of(
      ImportOptions options, Columns columns, List<ObjectNode> sample, boolean text)
      throws UnclearFileException {
    String format = options.timeFormat();
    if (format == null && options.values().accessLog()) {
      format = AccessLogRows.TIME_FORMAT;
    }
    return new Meaning(
        columns,
        TimeReader.of(format, options.zone()),
        TextTypes.of(sample, options.values(), text),
        options.event());
  }

  /**
   * Who did what when, as a row says it.
   *
   * @param time empty if it cannot be read, or there is none
   */
  record Said(
      boolean calls,
      boolean timed,
      String event,
      String user,
      String anonymous,
      Optional<Instant> time) {}

  Said of(ObjectNode row) {
    JsonNode time = columns.time() == null ? null : row.get(columns.time());
    return new Said(
        columns.calls(),
        columns.time() != null,
        event == null ? Columns.text(row, columns.event()) : event,
        Columns.text(row, columns.user()),
        Columns.text(row, columns.anonymous()),
        time == null ? Optional.empty() : times.read(time));
  }
}
