package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import weir.query.QueryException;

/**
 * Where the bins of a distribution begin and end, ascending: a value is in a bin from its lower
 * edge on, below its upper one; on the upper edge of the last bin it is in that.
 */
final class BinEdges {
  /** How many bins there can be. */
  static final int MOST_BINS = 500;

  /** The bin of no number. */
  static final int MISSING = -2;

  /** The bin of what is less than all edges. */
  static final int BELOW = -1;

  static final BinEdges NONE = new BinEdges(new double[0]);

  private static final int[] STEPS = {1, 2, 5, 10};

  private final double[] edges;

  private BinEdges(double[] edges) {
    this.edges = edges;
  }

  /** Those that a request has, if it has some. */
  static Optional<BinEdges> read(RequestFields fields, String name) throws QueryException {
    if (!fields.has(name)) {
      return Optional.empty();
    }
    JsonNode array = fields.get(name);
    if (!array.isArray() || array.size() < 2 || array.size() > MOST_BINS + 1) {
      throw wrong(fields, name);
    }
    double[] edges = new double[array.size()];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = array.get(i).asDouble() + 0.0; // so that -0 is 0
      boolean isHigher = i == 0 || edges[i] > edges[i - 1];
      if (!array.get(i).isNumber() || !Double.isFinite(edges[i]) || !isHigher) {
        throw wrong(fields, name);
      }
    }
    return Optional.of(new BinEdges(edges));
  }

  private static QueryException wrong(RequestFields fields, String name) {
    return RequestFields.invalid(
        fields.path(name)
            + " must be from 2 to "
            + (MOST_BINS + 1)
            + " numbers, each greater than the one before, such as [0, 25, 50, 75, 100]");
  }

  /**
   * Round ones around some values: multiples of 1, 2 or 5 times a power of ten. Where the values
   * are whole numbers and there are no more of those than bins, each has a bin.
   *
   * @param most how many bins there are at most
   * @param whole whether all values are whole numbers
   */
  static BinEdges around(double least, double greatest, int most, boolean whole) {
    BigDecimal low = BigDecimal.valueOf(least);
    BigDecimal high = BigDecimal.valueOf(greatest);
    if (whole && high.subtract(low).compareTo(BigDecimal.valueOf(most)) < 0) {
      return of(low, high.add(BigDecimal.ONE), BigDecimal.ONE);
    }
    if (low.compareTo(high) == 0) {
      // the bin of one value, from the last digit but some that doubles tell apart
      BigDecimal step = BigDecimal.ONE.scaleByPowerOfTen(low.precision() - low.scale() - 1 - 15);
      BigDecimal width = step.max(BigDecimal.ONE);
      BigDecimal start = multiple(low, width, RoundingMode.FLOOR);
      return of(start, start.add(width), width);
    }
    BigDecimal width = high.subtract(low);
    int power = width.precision() - width.scale() - 1 - String.valueOf(most).length();
    for (; ; power++) {
      for (int factor : STEPS) {
        BigDecimal step = BigDecimal.valueOf(factor).scaleByPowerOfTen(power);
        BigDecimal start = multiple(low, step, RoundingMode.FLOOR);
        BigDecimal end = multiple(high, step, RoundingMode.CEILING);
        BigDecimal reach = end.subtract(start);
        boolean fits = !whole || step.compareTo(BigDecimal.ONE) >= 0;
        if (fits && reach.compareTo(step.multiply(BigDecimal.valueOf(most))) <= 0) {
          return of(start, end, step);
        }
        if (fits && most == 1 && reach.compareTo(step.add(step)) <= 0) {
          return of(start, end, reach); // no multiples on both sides of 0 are one step apart
        }
      }
    }
  }

  private static BigDecimal multiple(BigDecimal value, BigDecimal step, RoundingMode rounding) {
    return value.divide(step, 0, rounding).multiply(step);
  }

  private static BinEdges of(BigDecimal start, BigDecimal end, BigDecimal step) {
    List<Double> edges = new ArrayList<>();
    for (BigDecimal at = start; at.compareTo(end) <= 0; at = at.add(step)) {
      double edge = finite(at.doubleValue());
      if (edges.isEmpty() || edge > edges.getLast()) {
        edges.add(edge);
      }
    }
    if (edges.size() == 1) {
      edges.add(Math.nextUp(edges.getFirst()) + 0.0);
    }
    return new BinEdges(edges.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double finite(double edge) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, edge)) + 0.0;
  }

  /** How many bins there are. */
  int bins() {
    return Math.max(0, edges.length - 1);
  }

  double from(int bin) {
    return edges[bin];
  }

  double to(int bin) {
    return edges[bin + 1];
  }

  /** The bin of a value: {@link #BELOW}, or {@link #bins} where it is greater than all edges. */
  int bin(double value) {
    if (edges.length == 0 || value < edges[0]) {
      return BELOW;
    }
    if (value >= edges[edges.length - 1]) {
      return value == edges[edges.length - 1] ? bins() - 1 : bins();
    }
    int place = Arrays.binarySearch(edges, value + 0.0);
    return place >= 0 ? place : -place - 2;
  }

  /** The bin of a value in SQL; {@link #MISSING} where that is null. */
  String sql(String value) {
    if (edges.length == 0) {
      return "CASE WHEN " + value + " IS NULL THEN " + MISSING + " ELSE " + BELOW + " END";
    }
    return "CASE WHEN %s IS NULL THEN %d WHEN %s < %s THEN %d WHEN %s > %s THEN %d ELSE %s END"
        .formatted(
            value,
            MISSING,
            value,
            Numbers.literal(edges[0]),
            BELOW,
            value,
            Numbers.literal(edges[edges.length - 1]),
            bins(),
            among(value, 0, bins()));
  }

  /** Halves the bins, so that many cost little more than some. */
  private String among(String value, int first, int end) {
    if (end - first == 1) {
      return String.valueOf(first);
    }
    int middle = (first + end) / 2;
    return "CASE WHEN %s < %s THEN %s ELSE %s END"
        .formatted(
            value,
            Numbers.literal(edges[middle]),
            among(value, first, middle),
            among(value, middle, end));
  }
}
