package weir.query.insight;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.TreeMap;

/** How the values of some units are distributed. */
final class DistributionPart {
  /** The shares of values below which quantiles are. */
  static final double[] SHARES = {0.25, 0.5, 0.75, 0.9, 0.95, 0.99};

  private static final MathContext DIGITS = new MathContext(15);

  private final BinEdges edges;
  private final long[] counts;
  private final double[] quantiles = new double[SHARES.length];
  private long missing;
  private long below;
  private long above;
  private double least;
  private double greatest;

  DistributionPart(BinEdges edges) {
    this.edges = edges;
    this.counts = new long[edges.bins()];
  }

  /** As some numbers are distributed. */
  static DistributionPart of(ValueCounts values, BinEdges edges) {
    DistributionPart part = new DistributionPart(edges);
    part.missing = values.missing();
    Ranks ranks = new Ranks();
    values.forEach((number, count) -> {
      part.add(edges.bin(number), count);
      ranks.add(number, count);
    });
    if (ranks.size > 0) {
      part.bounds(ranks.at(0), ranks.at(ranks.size - 1));
      for (int share = 0; share < SHARES.length; share++) {
        part.quantile(share, ranks.quantile(SHARES[share]));
      }
    }
    return part;
  }

  /** Finds numbers by their place among all of them. */
  private static final class Ranks {
    private final TreeMap<Long, Double> firsts = new TreeMap<>();
    private long size;

    void add(double number, long count) {
      firsts.put(size, number);
      size += count;
    }

    double at(long place) {
      return firsts.floorEntry(place).getValue();
    }

    double quantile(double share) {
      double place = (size - 1) * share;
      double over = place - Math.floor(place);
      return at((long) Math.floor(place)) * (1 - over) + at((long) Math.ceil(place)) * over;
    }
  }

  /** Says that so many more units are in a bin, or in none. */
  void add(int bin, long units) {
    if (bin == BinEdges.MISSING) {
      missing += units;
    } else if (bin < 0) {
      below += units;
    } else if (bin == counts.length) {
      above += units;
    } else {
      counts[bin] += units;
    }
  }

  /** Says between what the values are. */
  void bounds(double newLeast, double newGreatest) {
    least = newLeast;
    greatest = newGreatest;
  }

  void quantile(int share, double value) {
    quantiles[share] = value;
  }

  /** How many units have a value. */
  long valued() {
    long valued = below + above;
    for (long count : counts) {
      valued += count;
    }
    return valued;
  }

  /** How many units there are. */
  long units() {
    return valued() + missing;
  }

  /** Without the last digit, which tells how a number between two was computed. */
  private static double rounded(double value) {
    return value == Math.rint(value) || !Double.isFinite(value)
        ? value
        : BigDecimal.valueOf(value).round(DIGITS).doubleValue();
  }

  void write(ObjectNode answer) {
    ArrayNode bins = answer.putArray("bins");
    for (int bin = 0; bin < counts.length; bin++) {
      ObjectNode one = bins.addObject();
      one.set("from", Asking.json(edges.from(bin)));
      one.set("to", Asking.json(edges.to(bin)));
      one.put("count", counts[bin]);
    }
    boolean isEmpty = valued() == 0;
    ObjectNode shares = answer.putObject("quantiles");
    for (int share = 0; share < SHARES.length; share++) {
      shares.set(
          String.valueOf(SHARES[share]),
          Asking.json(isEmpty ? Double.NaN : rounded(quantiles[share])));
    }
    answer.put("count", valued());
    answer.put("missing", missing);
    answer.put("below", below);
    answer.put("above", above);
    answer.set("min", Asking.json(isEmpty ? Double.NaN : least));
    answer.set("max", Asking.json(isEmpty ? Double.NaN : greatest));
  }
}
