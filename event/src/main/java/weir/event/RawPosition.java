package weir.event;

/**
 * Where a raw event stands: the partition of the raw log, the position there of the request that
 * brought it, and its index within that request. Ordered by partition, then as the partition is.
 *
 * @param partition from 0
 * @param position the position of the frame in its partition
 * @param index the event's index within the frame, from 0
 */
public record RawPosition(int partition, Position position, int index)
    implements Comparable<RawPosition> {
  private static final int INDEX_DIGITS = 6;

  public RawPosition {
    if (partition < 0 || index < 0) {
      throw new IllegalArgumentException("negative raw position: " + partition + ", " + index);
    }
  }

  /** In the only partition of a log that counts in 63 bits. */
  public RawPosition(long position, int index) {
    this(0, new Position(position), index);
  }

  @Override
  public int compareTo(RawPosition other) {
    int byPartition = Integer.compare(partition, other.partition);
    if (byPartition != 0) {
      return byPartition;
    }
    int byPosition = position.compareTo(other.position);
    return byPosition != 0 ? byPosition : Integer.compare(index, other.index);
  }

  /**
   * The position's hexadecimal digits, a dash, the index in 6 digits: text that sorts as the
   * positions of one partition do. In other partitions than 0 the partition and a dot stand before
   * it.
   */
  @Override
  public String toString() {
    String decimal = Integer.toString(index);
    return (partition == 0 ? "" : partition + ".")
        + position
        + "-"
        + "0".repeat(Math.max(0, INDEX_DIGITS - decimal.length()))
        + decimal;
  }

  /**
   * The reverse of {@link #toString()}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static RawPosition parse(String text) {
    int dot = text.indexOf('.');
    int dash = text.indexOf('-', dot + 1);
    if (dash < 0) {
      throw new IllegalArgumentException("not a raw position: " + text);
    }
    return new RawPosition(
        dot < 0 ? 0 : Integer.parseInt(text, 0, dot, 10),
        Position.parse(text.substring(dot + 1, dash)),
        Integer.parseInt(text.substring(dash + 1)));
  }
}
