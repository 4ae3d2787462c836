package weir.decode;

/** Writes Avro binary into an array whose length was counted beforehand. */
final class AvroWriter {
  private final byte[] bytes;
  private int at;

  AvroWriter(int length) {
    bytes = new byte[length];
  }

  static int lengthOfLong(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    return (70 - Long.numberOfLeadingZeros(zigzag | 1)) / 7;
  }

  static int lengthOfBytes(byte[] value) {
    return lengthOfLong(value.length) + value.length;
  }

  void fixed(byte[] value) {
    System.arraycopy(value, 0, bytes, at, value.length);
    at += value.length;
  }

  void fixedLong(long bigEndian) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[at++] = (byte) (bigEndian >>> shift);
    }
  }

  void writeLong(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
  }

  void writeBytes(byte[] value) {
    writeLong(value.length);
    fixed(value);
  }

  /** The array; all of it must have been written. */
  byte[] finish() {
    if (at != bytes.length) {
      throw new IllegalStateException("wrote " + at + " of " + bytes.length + " bytes");
    }
    return bytes;
  }
}
