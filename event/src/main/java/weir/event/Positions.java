package weir.event;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * How far each partition of an event log was read, written or loaded: a cut through the log.
 * Partitions that are not named stand at {@link Position#START}. Immutable.
 *
 * <p>Cuts are ordered in part: of two, neither may cover the other.
 */
public final class Positions {
  /** Before everything. */
  public static final Positions START = new Positions(new TreeMap<>());

  private final SortedMap<Integer, Position> known;

  private Positions(SortedMap<Integer, Position> known) {
    this.known = known;
  }

  /** The only partition of a log. */
  public static Positions of(Position position) {
    return of(0, position);
  }

  /** One partition of a log. */
  public static Positions of(int partition, Position position) {
    return START.with(partition, position);
  }

  /** Some partitions of a log. */
  public static Positions of(Map<Integer, Position> positions) {
    TreeMap<Integer, Position> known = new TreeMap<>(positions);
    known.values().removeIf(Position.START::equals);
    if (!known.isEmpty() && known.firstKey() < 0) {
      throw new IllegalArgumentException("negative partition: " + known.firstKey());
    }
    return new Positions(known);
  }

  /** Where a partition stands. */
  public Position of(int partition) {
    return known.getOrDefault(partition, Position.START);
  }

  /** The same with another position of one partition. */
  public Positions with(int partition, Position position) {
    TreeMap<Integer, Position> changed = new TreeMap<>(known);
    changed.put(partition, position);
    return of(changed);
  }

  /** Whether every partition stands where another cut has it, or after that. */
  public boolean covers(Positions other) {
    return other.known.entrySet().stream()
        .noneMatch(each -> of(each.getKey()).isBefore(each.getValue()));
  }

  /** The later position of each partition: the least cut that covers both. */
  public Positions later(Positions other) {
    return merged(other, (one, two) -> one.isBefore(two) ? two : one);
  }

  /** The earlier position of each partition: the greatest cut that both cover. */
  public Positions earlier(Positions other) {
    return merged(other, (one, two) -> one.isBefore(two) ? one : two);
  }

  private Positions merged(Positions other, BinaryOperator<Position> which) {
    TreeMap<Integer, Position> all = new TreeMap<>(known);
    all.putAll(other.known);
    all.replaceAll((partition, any) -> which.apply(of(partition), other.of(partition)));
    return of(all);
  }

  /** The partitions that do not stand at their start, in order. */
  public SortedMap<Integer, Position> known() {
    return java.util.Collections.unmodifiableSortedMap(known);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Positions positions && known.equals(positions.known);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(known);
  }

  /**
   * Where partition 0 alone has been begun, its position's text; otherwise the partitions that
   * were, each with a dot and its position, separated by commas.
   */
  @Override
  public String toString() {
    if (known.isEmpty() || (known.size() == 1 && known.containsKey(0))) {
      return of(0).toString();
    }
    return known.entrySet().stream()
        .map(each -> each.getKey() + "." + each.getValue())
        .collect(Collectors.joining(","));
  }

  /**
   * The reverse of {@link #toString()}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Positions parse(String text) {
    if (text.indexOf('.') < 0) {
      return of(Position.parse(text));
    }
    TreeMap<Integer, Position> known = new TreeMap<>();
    for (String each : text.split(",", -1)) {
      int dot = each.indexOf('.');
      if (dot < 0
          || known.put(Integer.parseInt(each, 0, dot, 10), Position.parse(each.substring(dot + 1)))
              != null) {
        throw new IllegalArgumentException("not positions: " + text);
      }
    }
    return of(known);
  }
}
