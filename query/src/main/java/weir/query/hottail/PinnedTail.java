package weir.query.hottail;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.event.ProjectProperties;
import weir.lake.LakeSnapshot;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.session.DuckSession;

/**
 * The rows that one query sees beside one snapshot of the lake. They are loaded when they are asked
 * for, and stay until this is closed. Used by one thread.
 */
public final class PinnedTail implements AutoCloseable {
  private final TailTables tables;
  private final TailPin pin;
  private final LakeSnapshot snapshot;
  private final Properties properties;
  private final DuckSession session;
  private final List<TailTables.Slice> held = new ArrayList<>();
  private @Nullable List<TailTables.Slice> events;
  private @Nullable List<TailTables.Slice> badEvents;

  /** Reads what is known of a project's properties. */
  public interface Properties {
    ProjectProperties read() throws QueryException;
  }

  /**
   * Joins a tail and a snapshot.
   *
   * @param pin taken before the snapshot
   * @param properties what is known of the project's properties, read after both are pinned
   */
  public PinnedTail(
      TailTables tables,
      TailPin pin,
      LakeSnapshot snapshot,
      Properties properties,
      DuckSession session) {
    this.tables = tables;
    this.properties = properties;
    this.pin = pin;
    this.snapshot = snapshot;
    this.session = session;
  }

  public List<TailTables.Slice> events() throws QueryException {
    List<TailTables.Slice> known = events;
    if (known == null) {
      known = inUse(load(TailPin.after(snapshot.events().position(), pin.events())));
      events = known;
    }
    return known;
  }

  public List<TailTables.Slice> badEvents() throws QueryException {
    List<TailTables.Slice> known = badEvents;
    if (known == null) {
      known = load(TailPin.after(snapshot.badEvents().position(), pin.badEvents()));
      badEvents = known;
    }
    return known;
  }

  /** Without the columns that were dropped, which a generation keeps as long as it lasts. */
  private List<TailTables.Slice> inUse(List<TailTables.Slice> slices) throws QueryException {
    if (slices.isEmpty()) {
      return slices;
    }
    ProjectProperties known = properties.read();
    return slices.stream()
        .map(slice ->
            slice.with(column -> EventColumn.named(column).isPresent() || known.isInUse(column)))
        .toList();
  }

  private List<TailTables.Slice> load(List<TailRows> rows) throws QueryException {
    try {
      List<TailTables.Slice> slices = tables.load(rows, session.deadline());
      held.addAll(slices);
      return slices;
    } catch (SQLException e) {
      throw new QueryException(
          QueryError.INTERNAL, "the newest events cannot be read; the log says why", e);
    }
  }

  /** The event names in some slices. */
  public static Set<String> names(List<TailTables.Slice> slices) {
    Set<String> names = new TreeSet<>();
    slices.forEach(slice -> names.addAll(slice.generation().properties().keySet()));
    return names;
  }

  /** The property columns that any of the events has in some slices. */
  public static Set<String> properties(List<TailTables.Slice> slices, Set<String> events) {
    Set<String> properties = new HashSet<>();
    for (TailTables.Slice slice : slices) {
      Map<String, Set<String>> known = slice.generation().properties();
      events.forEach(event -> properties.addAll(known.getOrDefault(event, Set.of())));
    }
    return properties;
  }

  @Override
  public void close() {
    tables.release(held);
    held.clear();
  }
}
