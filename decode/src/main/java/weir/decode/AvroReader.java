package weir.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads Avro binary out of an array; what does not fit is a {@link RawFormatException}. */
final class AvroReader {
  private final byte[] bytes;
  private int at;

  AvroReader(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = from;
  }

  long readLong() {
    long zigzag = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= bytes.length) {
        throw new RawFormatException("the request ends early");
      }
      byte b = bytes[at++];
      zigzag |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw new RawFormatException("a number is too long");
  }

  int readInt() {
    long value = readLong();
    if (value != (int) value) {
      throw new RawFormatException("not an int: " + value);
    }
    return (int) value;
  }

  String readString() {
    int length = length();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  byte[] readBytes() {
    int length = length();
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  long readFixedLong() {
    if (bytes.length - at < Long.BYTES) {
      throw new RawFormatException("the request ends early");
    }
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | (bytes[at++] & 0xFF);
    }
    return value;
  }

  /** The number of items in an array's next block. */
  int readBlockCount() {
    int count = readInt();
    if (count < 0) {
      readLong();
      count = -count;
    }
    if (count > bytes.length - at) {
      throw new RawFormatException("an array of " + count + " items does not fit");
    }
    return count;
  }

  boolean atEnd() {
    return at == bytes.length;
  }

  private int length() {
    long length = readLong();
    if (length < 0 || length > bytes.length - at) {
      throw new RawFormatException("a value of " + length + " bytes does not fit");
    }
    return (int) length;
  }
}
