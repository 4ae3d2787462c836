package weir.tools.importing;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to import and how its rows become events. What is null is found out from the file.
 *
 * @param identify whether rows are users, whose columns are their traits; excludes the next two
 * @param event the name of every event; excludes {@code eventColumn}
 * @param timeColumn {@link #NO_TIME} for none: every event gets the time of the import
 * @param timeFormat a pattern of {@link java.time.format.DateTimeFormatter}, or one of iso,
 *     epoch_s, epoch_ms, epoch_us, epoch_ns
 * @param zone of times that name none
 * @param values how values are written
 * @param fromStart whether to forget how far an interrupted import came
 * @param patience how long to go on trying where the collector does not take a batch
 */
public record ImportOptions(
    Path file,
    boolean identify,
    @Nullable String event,
    @Nullable String eventColumn,
    @Nullable String userColumn,
    @Nullable String timeColumn,
    @Nullable String timeFormat,
    ZoneId zone,
    Values values,
    boolean fromStart,
    Duration patience) {
  /** Stands for a file without times. */
  public static final String NO_TIME = "none";

  /** What a column's values are to be. */
  public enum ValueType {
    TEXT,
    NUMBER,
    INTEGER,
    BOOLEAN
  }

  /**
   * How values are written.
   *
   * @param accessLog whether the file is an access log, which its content alone does not tell
   * @param types of columns that are not to be found out, by name
   * @param decimal what is before a number's fraction: a point or a comma
   * @param site hosts of the site that an access log is of, the one of most pages first; empty
   *     where that is not said
   */
  public record Values(
      boolean accessLog, Map<String, ValueType> types, char decimal, List<String> site) {
    /** As it is found out. */
    public static final Values FOUND = new Values(false, Map.of(), '.', List.of());

    public Values {
      site = List.copyOf(site);
      for (String host : site) {
        if (!PageHost.isOne(host)) {
          throw new IllegalArgumentException(
              "the site takes hosts such as shop.example, not '" + host + "'");
        }
      }
      if (!site.isEmpty() && !accessLog) {
        throw new IllegalArgumentException("the site goes with access logs alone");
      }
      types = Map.copyOf(types);
      if (decimal != '.' && decimal != ',') {
        throw new IllegalArgumentException("the decimal mark is . or ,");
      }
    }
  }

  public ImportOptions {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(zone, "zone");
    Objects.requireNonNull(values, "values");
    if (event != null && eventColumn != null) {
      throw new IllegalArgumentException("either an event name or an event column, not both");
    }
    if (identify && (event != null || eventColumn != null)) {
      throw new IllegalArgumentException("users have no event name");
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience must not be negative");
    }
  }

  /** The same rows without options that say what columns and values mean. */
  ImportOptions plain() {
    return new ImportOptions(
        file,
        identify,
        event,
        null,
        null,
        null,
        null,
        ZoneId.of("UTC"),
        new Values(values.accessLog(), Map.of(), '.', List.of()),
        fromStart,
        patience);
  }
}
