package weir.event;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * A place in one partition of an event log. Opaque: what the number counts is the log's own affair
 * (bytes, frames, a stream's sequence numbers), and only the log can say how far two of them are
 * apart. Ordered as the partition is; {@link #START} comes before everything.
 *
 * <p>A number of 192 bits without a sign; most logs use the lowest 63 of them.
 *
 * @param high the highest 64 bits
 * @param middle the 64 bits below them
 * @param low the lowest 64 bits
 */
public record Position(long high, long middle, long low) implements Comparable<Position> {
  /** Before the first frame that any log ever held. */
  public static final Position START = new Position(0);

  /** How many bytes the widest number takes. */
  public static final int BYTES = 3 * Long.BYTES;

  private static final int DIGITS = Long.BYTES * 2;

  /**
   * A position of a log that counts in 63 bits.
   *
   * @param value not negative
   */
  public Position(long value) {
    this(0, 0, value);
    if (value < 0) {
      throw new IllegalArgumentException("negative position: " + value);
    }
  }

  /**
   * A position of a log that counts further than a long.
   *
   * @throws IllegalArgumentException if the number is negative or wider than 192 bits
   */
  public static Position of(BigInteger number) {
    if (number.signum() < 0 || number.bitLength() > BYTES * Byte.SIZE) {
      throw new IllegalArgumentException("not a position: " + number);
    }
    return new Position(
        number.shiftRight(2 * Long.SIZE).longValue(),
        number.shiftRight(Long.SIZE).longValue(),
        number.longValue());
  }

  /** The reverse of {@link #bytes()}. */
  public static Position of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Position(buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  /** The number in {@value #BYTES} bytes, the highest first. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(middle).putLong(low).array();
  }

  /** Whether it needs more than a long. */
  public boolean isWide() {
    return high != 0 || middle != 0 || low < 0;
  }

  /**
   * The number of a log that counts in 63 bits.
   *
   * @throws ArithmeticException if it is wider
   */
  public long value() {
    if (isWide()) {
      throw new ArithmeticException("wider than 63 bits: " + this);
    }
    return low;
  }

  /** The number, however wide. */
  public BigInteger number() {
    return new BigInteger(1, bytes());
  }

  @Override
  public int compareTo(Position other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    if (byHigh != 0) {
      return byHigh;
    }
    int byMiddle = Long.compareUnsigned(middle, other.middle);
    return byMiddle != 0 ? byMiddle : Long.compareUnsigned(low, other.low);
  }

  public boolean isBefore(Position other) {
    return compareTo(other) < 0;
  }

  private String digits() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(middle) + hex.toHexDigits(low);
  }

  /**
   * 16 hexadecimal digits, or 48 where 63 bits are not enough: text that sorts as the positions of
   * one width do.
   */
  @Override
  public String toString() {
    return isWide() ? digits() : HexFormat.of().toHexDigits(low);
  }

  /**
   * The reverse of {@link #toString()}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Position parse(String text) {
    if (text.length() <= DIGITS) {
      return new Position(Long.parseUnsignedLong(text, 16));
    }
    if (text.length() != 3 * DIGITS) {
      throw new IllegalArgumentException("not a position: " + text);
    }
    return new Position(
        HexFormat.fromHexDigitsToLong(text, 0, DIGITS),
        HexFormat.fromHexDigitsToLong(text, DIGITS, 2 * DIGITS),
        HexFormat.fromHexDigitsToLong(text, 2 * DIGITS, 3 * DIGITS));
  }
}
