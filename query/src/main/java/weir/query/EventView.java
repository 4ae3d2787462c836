package weir.query;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import weir.event.ProjectProperties;
import weir.lake.sidecar.Sidecar;
import weir.query.sql.ParquetSql;

/**
 * The events of a project as one question sees them: files of the lake, and rows in memory that the
 * lake lacks. Used by one thread.
 */
public interface EventView extends AutoCloseable {
  /** An expression for what a person is known by: 63 bits, or -1 where nobody is known. */
  String ACTOR = Sidecar.ACTOR;

  /** An expression for the time of an event: microseconds since 1970. */
  String MICROS = "epoch_us(timestamp)";

  /** A condition that events of these names meet. */
  static String among(Collection<String> events) {
    return events.stream()
        .map(ParquetSql::text)
        .collect(Collectors.joining(", ", "event IN (", ")"));
  }

  /**
   * An expression for the place of an event's name in a list.
   *
   * @param events not empty; the names of all events that it is asked for
   */
  static String place(List<String> events) {
    if (events.size() == 1) {
      return "0::BIGINT";
    }
    StringBuilder place = new StringBuilder("CAST(CASE event");
    for (int i = 0; i < events.size(); i++) {
      place.append(" WHEN ").append(ParquetSql.text(events.get(i))).append(" THEN ").append(i);
    }
    return place.append(" END AS BIGINT)").toString();
  }

  /**
   * Rows that never change.
   *
   * @param source a file, or consecutive rows in memory
   * @param from the first of the rows in memory; 0 for a file
   * @param to behind the last of the rows in memory; 0 for a file
   * @param rows how many rows
   * @param day the UTC day that all its rows belong to; empty for rows in memory
   */
  record Part(Object source, int from, int to, long rows, Optional<LocalDate> day) {
    public Part {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(day, "day");
    }

    /** Some of the rows of a part in memory. */
    public Part rows(int first, int end) {
      return new Part(source, first, end, end - first, day);
    }
  }

  /**
   * A column of {@code events}.
   *
   * @param type its SQL type in upper case
   * @param id another one for another column of the same name and type
   */
  record Column(String type, String id) {}

  /** Takes the rows of a chunk. */
  interface ChunkHandler {
    void chunk(RowChunk chunk) throws QueryException;
  }

  /** All rows: each in one part. Files come first. */
  List<Part> parts();

  /** How many rows there are. */
  long rows();

  /** The names of all events. */
  Set<String> events() throws QueryException;

  /** Whether a part may have an event of a name. */
  boolean mayHave(Part part, String event) throws QueryException;

  /** Those of some events whose name meets a condition, which names no column but {@code event}. */
  Set<String> meeting(Collection<String> events, String condition) throws QueryException;

  /**
   * What lies beside a part that is a file, and says the same of its rows. Their actors are as
   * {@link #ACTOR} gives them.
   */
  Optional<Sidecar> sidecar(Part part) throws QueryException;

  Optional<Column> column(String name);

  /** What is known of the project's properties: all that matters to the view's events. */
  ProjectProperties properties();

  /** What a statement would say of itself that names some columns. */
  QueryStats stats(Set<String> columns) throws QueryException;

  /**
   * Reads rows.
   *
   * @param parts some of {@link #parts}, or some of the rows of one of those; files first
   * @param columns all that the expressions name
   * @param select expressions; behind their values stand the number of the row's part in the list
   *     and that of the row in the part's source
   * @param where a condition, or empty
   * @param takers is asked for one or more, at once; each takes the rows of some parts on one
   *     thread, which need not be this one
   */
  void read(
      List<Part> parts,
      Set<String> columns,
      List<String> select,
      String where,
      Supplier<? extends ChunkHandler> takers)
      throws QueryException;

  /**
   * Adds up rows by part and keys.
   *
   * @param parts some of {@link #parts}, files first
   * @param columns all that the expressions name
   * @param keys expressions
   * @param value an expression of DOUBLE
   * @param where a condition
   * @param sums takes the number of the part in the list, the keys, how many rows there are, how
   *     many values that are not null, and their sum, least and greatest, null where there are none
   */
  void addUp(
      List<Part> parts,
      Set<String> columns,
      List<String> keys,
      String value,
      String where,
      ChunkHandler sums)
      throws QueryException;

  /** What the merged actors are a state of: after another one, all are to be read anew. */
  Object merges();

  /** How often actors were merged since that state began. */
  long mergeVersion();

  /**
   * Reads merged actors: what each is known by, what its person is known by, and the version that
   * it came with.
   *
   * @param since a version, after which those are read
   */
  void readMerges(long since, ChunkHandler rows) throws QueryException;

  @Override
  void close();
}
