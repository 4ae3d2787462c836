package weir.process;

/**
 * A split block Bloom filter, as Parquet has it (Putze, Sanders, Singler: Cache-, Hash- and
 * Space-Efficient Bloom Filters): eight 32-bit words a block, one bit in each, so that a question
 * touches one cache line. At 16 bits a fingerprint, about 1 in 1,000 of those that are not there
 * seem to be.
 */
final class FingerprintFilter {
  private static final int WORDS = 8;
  private static final int BITS_EACH = 16;
  private static final int[] SALTS = {
    0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
  };

  private final int[] words;
  private final long blocks;

  FingerprintFilter(long fingerprints) {
    long wanted = Math.max(1, fingerprints * BITS_EACH / (WORDS * Integer.SIZE));
    this.blocks = Math.min(wanted, Integer.MAX_VALUE / WORDS - 1);
    this.words = new int[(int) blocks * WORDS];
  }

  void add(long h, long l) {
    int block = block(h);
    int key = (int) l;
    for (int i = 0; i < WORDS; i++) {
      words[block + i] |= 1 << (key * SALTS[i] >>> 27);
    }
  }

  /** False only if the fingerprint was never added. */
  boolean mayHold(long h, long l) {
    int block = block(h);
    int key = (int) l;
    for (int i = 0; i < WORDS; i++) {
      if ((words[block + i] & (1 << (key * SALTS[i] >>> 27))) == 0) {
        return false;
      }
    }
    return true;
  }

  private int block(long h) {
    return (int) ((h >>> 32) * blocks >>> 32) * WORDS;
  }

  long bytes() {
    return (long) words.length * Integer.BYTES;
  }
}
