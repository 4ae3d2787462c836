package weir.query.kept;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import weir.query.EventView;

/**
 * Which events are to be kept, and what of each beside its person and time. Equal ones are kept
 * once, whoever asks for them.
 *
 * @param event its name; empty for any
 * @param condition SQL that the events are to fulfil, or empty
 * @param value an SQL expression, or empty
 * @param kind of the value
 * @param columns all that condition and value name
 * @param columnIds other ones for other columns of these names
 * @param since the first day that is needed; empty for all
 */
public record StreamSpec(
    Optional<String> event,
    String condition,
    String value,
    Kind kind,
    Set<String> columns,
    String columnIds,
    Optional<LocalDate> since) {
  /** What a value is. */
  public enum Kind {
    /** There is none. */
    NONE,
    /** An integer of 32 bits that is not null. */
    MASK,
    TEXT,
    REAL,
    FLAG
  }

  public StreamSpec {
    columns = Set.copyOf(columns);
  }

  /** All events of a name, or of any. */
  public static StreamSpec of(Optional<String> event) {
    return new StreamSpec(event, "", "", Kind.NONE, Set.of(), "", Optional.empty());
  }

  /** As this, but only from a day on. */
  public StreamSpec since(Optional<LocalDate> day) {
    return new StreamSpec(event, condition, value, kind, columns, columnIds, day);
  }

  boolean mayHaveRowsIn(EventView.Part part) {
    return since.isEmpty() || part.day().isEmpty() || !part.day().get().isBefore(since.get());
  }

  boolean hasValue() {
    return kind != Kind.NONE;
  }

  /** Whether both can be read by one statement. */
  boolean isLike(StreamSpec other) {
    return event.isPresent()
        && other.event.isPresent()
        && condition.equals(other.condition)
        && value.equals(other.value)
        && kind == other.kind
        && since.equals(other.since)
        && columns.equals(other.columns);
  }
}
