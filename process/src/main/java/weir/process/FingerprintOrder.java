package weir.process;

import java.io.IOException;
import java.util.List;

/** A pass over fingerprints in unsigned order; stands before the first at the beginning. */
interface FingerprintOrder {
  /** Goes to the next one, if there is one. */
  boolean next() throws IOException;

  long high();

  long low();

  /** The high and low halves of an array, one after the other. */
  static FingerprintOrder of(long[] halves) {
    return new FingerprintOrder() {
      private int at = -2;

      @Override
      public boolean next() {
        at += 2;
        return at < halves.length;
      }

      @Override
      public long high() {
        return halves[at];
      }

      @Override
      public long low() {
        return halves[at + 1];
      }
    };
  }

  /** Several at once, each fingerprint once. Made for a handful: looks at all for the least. */
  static FingerprintOrder merged(List<FingerprintOrder> parts) throws IOException {
    FingerprintOrder[] open = new FingerprintOrder[parts.size()];
    int count = 0;
    for (FingerprintOrder part : parts) {
      if (part.next()) {
        open[count++] = part;
      }
    }
    return new Merged(open, count);
  }

  /** See {@link #merged}. */
  final class Merged implements FingerprintOrder {
    private final FingerprintOrder[] open;
    private int count;
    private long high;
    private long low;

    private Merged(FingerprintOrder[] open, int count) {
      this.open = open;
      this.count = count;
    }

    @Override
    public boolean next() throws IOException {
      if (count == 0) {
        return false;
      }
      FingerprintOrder least = open[0];
      for (int i = 1; i < count; i++) {
        if (compare(open[i], least.high(), least.low()) < 0) {
          least = open[i];
        }
      }
      high = least.high();
      low = least.low();
      for (int i = count - 1; i >= 0; i--) {
        if (compare(open[i], high, low) == 0 && !open[i].next()) {
          open[i] = open[--count];
        }
      }
      return true;
    }

    private static int compare(FingerprintOrder part, long high, long low) {
      int byHigh = Long.compareUnsigned(part.high(), high);
      return byHigh != 0 ? byHigh : Long.compareUnsigned(part.low(), low);
    }

    @Override
    public long high() {
      return high;
    }

    @Override
    public long low() {
      return low;
    }
  }
}
