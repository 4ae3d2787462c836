package weir.process;

import java.io.IOException;

/** Fingerprints, 40 bytes of memory each at most. */
final class FingerprintSet {
  private final FingerprintTable table = new FingerprintTable();

  void add(Fingerprint id) {
    table.put(id.high(), id.low(), 0);
  }

  boolean holds(long high, long low) {
    return table.slice(high, low) != FingerprintTable.NONE;
  }

  /** A pass over those of another one that are not here. */
  FingerprintOrder leftOutOf(FingerprintOrder all) {
    return new FingerprintOrder() {
      @Override
      public boolean next() throws IOException {
        boolean found = all.next();
        while (found && holds(all.high(), all.low())) {
          found = all.next();
        }
        return found;
      }

      @Override
      public long high() {
        return all.high();
      }

      @Override
      public long low() {
        return all.low();
      }
    };
  }
}
