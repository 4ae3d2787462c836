package weir.log.embedded;

/**
 * How far a log is durable.
 *
 * @param base where the segment that holds the end begins
 * @param end the position after the last durable frame
 */
record Extent(long base, long end) {
  Extent {
    if (base < 0 || end < base) {
      throw new IllegalArgumentException("extent from " + base + " to " + end);
    }
  }
}
