package weir.testkit.powercut;

import java.util.Arrays;

/** The bytes of a file, changed in place. */
final class Contents {
  private byte[] bytes = new byte[0];
  private int size;

  Contents copy() {
    Contents copy = new Contents();
    copy.bytes = Arrays.copyOf(bytes, size);
    copy.size = size;
    return copy;
  }

  int size() {
    return size;
  }

  byte[] slice(long from, long to) {
    return Arrays.copyOfRange(bytes, (int) from, (int) Math.clamp(to, from, Math.max(from, size)));
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  void apply(Operation.Data change) {
    switch (change) {
      case Operation.Write write -> write(write.offset(), write.data());
      case Operation.Truncate truncate -> truncate(truncate.size());
    }
  }

  void write(long offset, byte[] data) {
    int end = Math.toIntExact(offset + data.length);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
    }
    System.arraycopy(data, 0, bytes, (int) offset, data.length);
    size = Math.max(size, end);
  }

  void truncate(long newSize) {
    int wanted = Math.toIntExact(newSize);
    if (wanted > bytes.length) {
      bytes = Arrays.copyOf(bytes, wanted);
    } else if (wanted < size) {
      Arrays.fill(bytes, wanted, size, (byte) 0);
    }
    size = wanted;
  }

  void copyTo(byte[] into, int from, int to) {
    if (from < to) {
      System.arraycopy(bytes, from, into, from, to - from);
    }
  }

  /** The first index at which these bytes and those differ, or -1. */
  int mismatch(byte[] other) {
    return Arrays.mismatch(bytes, 0, size, other, 0, other.length);
  }
}
