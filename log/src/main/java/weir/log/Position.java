package weir.log;

import java.util.HexFormat;

/**
 * A place in an event log. Opaque: what the number counts is the log's own affair. Ordered as the
 * log is; {@link #START} comes before everything.
 *
 * @param value not negative
 */
public record Position(long value) implements Comparable<Position> {
  /** Before the first frame that any log ever held. */
  public static final Position START = new Position(0);

  public Position {
    if (value < 0) {
      throw new IllegalArgumentException("negative position: " + value);
    }
  }

  @Override
  public int compareTo(Position other) {
    return Long.compare(value, other.value);
  }

  public boolean isBefore(Position other) {
    return value < other.value;
  }

  /** 16 hexadecimal digits: text that sorts as the positions do. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }

  /** The reverse of {@link #toString()}. */
  public static Position parse(String text) {
    return new Position(Long.parseUnsignedLong(text, 16));
  }
}
