package weir.event;

import java.util.HexFormat;

/**
 * Where a raw event stands: the raw log's position of the request that brought it, and its index
 * within that request. Ordered as the raw log is.
 *
 * @param position the raw log's position of the frame, not negative
 * @param index the event's index within the frame, from 0
 */
public record RawPosition(long position, int index) implements Comparable<RawPosition> {
  private static final int INDEX_DIGITS = 6;

  public RawPosition {
    if (position < 0 || index < 0) {
      throw new IllegalArgumentException("negative raw position: " + position + ", " + index);
    }
  }

  @Override
  public int compareTo(RawPosition other) {
    int byPosition = Long.compare(position, other.position);
    return byPosition != 0 ? byPosition : Integer.compare(index, other.index);
  }

  /** Text that sorts as the positions do: 16 hexadecimal digits, a dash, the index in 6 digits. */
  @Override
  public String toString() {
    String decimal = Integer.toString(index);
    return HexFormat.of().toHexDigits(position)
        + "-"
        + "0".repeat(Math.max(0, INDEX_DIGITS - decimal.length()))
        + decimal;
  }

  /** The reverse of {@link #toString()}. */
  public static RawPosition parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      throw new IllegalArgumentException("not a raw position: " + text);
    }
    return new RawPosition(
        Long.parseUnsignedLong(text, 0, dash, 16), Integer.parseInt(text.substring(dash + 1)));
  }
}
