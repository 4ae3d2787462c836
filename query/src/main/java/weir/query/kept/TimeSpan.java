package weir.query.kept;

/**
 * Which times count.
 *
 * @param from the first, in microseconds since 1970
 * @param to the first after
 */
public record TimeSpan(long from, long to) {
  boolean overlaps(TimeSpan other) {
    return Math.max(from, other.from) < Math.min(to, other.to);
  }

  boolean holds(long time) {
    return time >= from && time < to;
  }

  /** What lies between two points in time, whichever is the earlier. */
  static TimeSpan between(long one, long other) {
    return new TimeSpan(Math.min(one, other), Math.max(one, other));
  }
}
