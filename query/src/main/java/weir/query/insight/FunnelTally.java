package weir.query.insight;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** How many reached each step of a funnel, and how long that took. */
final class FunnelTally {
  private static final double MICROS = 1e6;

  private final long[] counts;
  private final long[] sums;
  private final Waits[] waits;

  FunnelTally(int steps) {
    counts = new long[steps];
    sums = new long[steps];
    waits = new Waits[steps];
    Arrays.setAll(waits, step -> new Waits());
  }

  /**
   * Counts one who reached so many steps.
   *
   * @param sign -1 to take one back
   */
  void add(Attempt attempt, int reached, int sign) {
    for (int step = 0; step < reached; step++) {
      if (step > 0) {
        long wait = attempt.time(step) - attempt.time(step - 1);
        sums[step] += sign * wait;
        if (sign > 0) {
          waits[step].add(wait);
        } else {
          waits[step].remove(wait);
        }
      }
      counts[step] += sign;
    }
  }

  void join(FunnelTally other) {
    for (int step = 0; step < counts.length; step++) {
      counts[step] += other.counts[step];
      sums[step] += other.sums[step];
      waits[step].join(other.waits[step]);
    }
  }

  long bytes() {
    long bytes = 0;
    for (Waits each : waits) {
      bytes += each.bytes() + 16;
    }
    return bytes;
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
    return waits[step].median() / MICROS;
  }
}
