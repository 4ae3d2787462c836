package weir.collect;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** A body as it arrives. Holds little more than what has come, whatever length was announced. */
final class BodyBytes {
  private static final int FIRST = 1024;
  private static final byte[] NONE = new byte[0];

  private byte[] bytes = NONE;
  private int length;

  /**
   * @param announced the whole body's length as its header has it, or -1
   */
  void add(Buffer chunk, long announced) {
    int more = chunk.length();
    if (length == 0 && announced == more) {
      bytes = chunk.getBytes();
      length = more;
      return;
    }
    int needed = length + more;
    if (needed > bytes.length) {
      long room = Math.max(Math.max(FIRST, needed), 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) (announced < needed ? room : Math.min(room, announced)));
    }
    chunk.getBytes(bytes, length);
    length = needed;
  }

  int length() {
    return length;
  }

  /** The body; the array is the caller's. */
  byte[] take() {
    byte[] all = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    bytes = NONE;
    return all;
  }
}
