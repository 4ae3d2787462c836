package weir.testkit;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Ranks from 0, the k-th with a share of 1 / (k + 1)^exponent. */
public final class Zipf {
  private final double[] cumulative;

  /** Prepares so many ranks. */
  public Zipf(int ranks, double exponent) {
    cumulative = new double[ranks];
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      sum += Math.pow(rank + 1.0, -exponent);
      cumulative[rank] = sum;
    }
  }

  /** The next rank. */
  public int next(SplittableRandom random) {
    double at = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, at);
    return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
  }
}
