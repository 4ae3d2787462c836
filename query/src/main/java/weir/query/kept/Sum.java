package weir.query.kept;

import org.jspecify.annotations.Nullable;

/**
 * Values of some events, added up.
 *
 * @param event their name, or null where names do not matter
 * @param breakdown a String, Double or Boolean, or null
 * @param bucket the number of their interval
 * @param events how many there are
 * @param values how many of them have a value
 * @param sum of the values, as are the least and the greatest; 0 where there are none
 */
public record Sum(
    @Nullable String event,
    @Nullable Object breakdown,
    long bucket,
    long events,
    long values,
    double sum,
    double least,
    double greatest) {
  /** What sums must have in common to be added to each other. */
  record Cell(@Nullable String event, @Nullable Object breakdown, long bucket) {}

  Cell cell() {
    return new Cell(event, breakdown, bucket);
  }

  /** Both together. NaN is greater than all other numbers, as in SQL. */
  Sum plus(Sum other) {
    if (values == 0 || other.values == 0) {
      Sum valued = values == 0 ? other : this;
      return new Sum(
          event,
          breakdown,
          bucket,
          events + other.events,
          valued.values,
          valued.sum,
          valued.least,
          valued.greatest);
    }
    return new Sum(
        event,
        breakdown,
        bucket,
        events + other.events,
        values + other.values,
        sum + other.sum,
        Double.compare(least, other.least) <= 0 ? least : other.least,
        Double.compare(greatest, other.greatest) >= 0 ? greatest : other.greatest);
  }
}
