package weir.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MurmurHash2 (Appleby 2008), 32 bits, with the seed that Kafka's clients have. */
final class Murmur2 {
  private static final int SEED = 0x9747b28c;
  private static final int MULTIPLIER = 0x5bd1e995;
  private static final int SHIFT = 24;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Murmur2() {}

  static int hash(byte[] bytes) {
    int hash = SEED ^ bytes.length;
    int end = bytes.length & ~3;
    for (int at = 0; at < end; at += Integer.BYTES) {
      int four = (int) INT.get(bytes, at) * MULTIPLIER;
      four = (four ^ four >>> SHIFT) * MULTIPLIER;
      hash = hash * MULTIPLIER ^ four;
    }
    for (int at = bytes.length - 1; at >= end; at--) {
      hash ^= (bytes[at] & 0xFF) << Byte.SIZE * (at - end);
    }
    if (end < bytes.length) {
      hash *= MULTIPLIER;
    }
    hash = (hash ^ hash >>> 13) * MULTIPLIER;
    return hash ^ hash >>> 15;
  }
}
