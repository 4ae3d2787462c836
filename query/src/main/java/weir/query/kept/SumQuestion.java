package weir.query.kept;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is to be added up.
 *
 * @param events names; none for any, whose names do not matter
 * @param condition that events must meet
 * @param value a number
 * @param breakdown what sums are apart by beside names and intervals
 * @param intervals equal for the same numbering of intervals
 * @param bucket an expression for the number of an event's interval, right within {@code range}
 * @param range a condition for when events count, or empty
 */
public record SumQuestion(
    List<String> events,
    Optional<Expression> condition,
    Expression value,
    Optional<Expression> breakdown,
    Object intervals,
    String bucket,
    String range) {
  public SumQuestion {
    events = List.copyOf(events);
  }

  /** What tells it from other questions, whatever the range. */
  Object key() {
    return List.of(events, condition, value, breakdown, intervals);
  }

  /** All columns that it names. */
  public Set<String> columns() {
    Set<String> columns = new TreeSet<>(Set.of("event", "timestamp"));
    condition.ifPresent(each -> columns.addAll(each.columns()));
    breakdown.ifPresent(each -> columns.addAll(each.columns()));
    columns.addAll(value.columns());
    return columns;
  }
}
