package weir.query.insight;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** How many reached each step of a funnel, and how long that took. */
final class FunnelTally {
  private static final double MICROS = 1e6;

  private final long[] counts;
  private final long[] sums;
  private final long[][] waits;

  FunnelTally(int steps) {
    counts = new long[steps];
    sums = new long[steps];
    waits = new long[steps][0];
  }

  /** Counts one who reached so many steps. */
  void add(FunnelMatcher attempt, int reached) {
    for (int step = 0; step < reached; step++) {
      if (step > 0) {
        long wait = attempt.time(step) - attempt.time(step - 1);
        int at = Math.toIntExact(counts[step]);
        if (at == waits[step].length) {
          waits[step] = Arrays.copyOf(waits[step], Math.max(16, at + at / 2));
        }
        waits[step][at] = wait;
        sums[step] += wait;
      }
      counts[step]++;
    }
  }

  long first() {
    return counts[0];
  }

  void write(ArrayNode steps) {
    for (int step = 0; step < counts.length; step++) {
      long before = step == 0 ? counts[0] : counts[step - 1];
      ObjectNode one = steps.addObject();
      one.put("count", counts[step]);
      one.set("of_previous", Asking.json(step == 0 ? 1 : ratio(counts[step], before)));
      one.set("of_first", Asking.json(step == 0 ? 1 : ratio(counts[step], counts[0])));
      one.set("mean_seconds", Asking.json(mean(step)));
      one.set("median_seconds", Asking.json(median(step)));
    }
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private double mean(int step) {
    return counts[step] == 0 ? 0 : sums[step] / MICROS / counts[step];
  }

  private double median(int step) {
    int size = step == 0 ? 0 : (int) counts[step];
    if (size == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(waits[step], size);
    Arrays.sort(sorted);
    long low = sorted[(size - 1) / 2];
    long high = sorted[size / 2];
    return (low + high) / 2.0 / MICROS;
  }
}
