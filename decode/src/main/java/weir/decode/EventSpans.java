package weir.decode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The events of a body: the ids that their client sent, and where they lie, so that a body of some
 * of them can be cut out. Filled by one thread, then read by any.
 */
public final class EventSpans {
  private final byte[] body;
  private final byte separator;
  private @Nullable String[] ids = new String[16];
  private int[] ends = new int[32];
  private int count;

  /**
   * @param separator what stands between two events
   */
  EventSpans(byte[] body, char separator) {
    this.body = body;
    this.separator = (byte) separator;
  }

  /** The next event, which the body holds from the one offset to the other. */
  void add(@Nullable String id, int from, int to) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, 2 * count);
      ends = Arrays.copyOf(ends, 4 * count);
    }
    ids[count] = id;
    ends[2 * count] = from;
    ends[2 * count + 1] = to;
    count++;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** The id that an event's client sent; null where it sent none, and one is made of the place. */
  public @Nullable String id(int index) {
    return ids[index];
  }

  /**
   * A body of the same protocol that holds some of the events, each byte for byte as it was sent,
   * and all that is said around them of all events, but no blanks; the body itself where it is to
   * hold them all.
   *
   * @param indexes of at least one event, in ascending order
   */
  public byte[] part(int[] indexes) {
    if (indexes.length == count) {
      return body;
    }
    int start = afterBlanks(Utf8.afterMark(body));
    int before = Math.max(start, beforeBlanks(ends[0]));
    int end = beforeBlanks(body.length);
    int behind = Math.min(end, afterBlanks(ends[2 * count - 1]));
    int length = before - start + indexes.length - 1 + end - behind;
    for (int index : indexes) {
      length += ends[2 * index + 1] - ends[2 * index];
    }
    byte[] part = new byte[length];
    System.arraycopy(body, start, part, 0, before - start);
    int at = before - start;
    for (int i = 0; i < indexes.length; i++) {
      if (i > 0) {
        part[at++] = separator;
      }
      int from = ends[2 * indexes[i]];
      int size = ends[2 * indexes[i] + 1] - from;
      System.arraycopy(body, from, part, at, size);
      at += size;
    }
    System.arraycopy(body, behind, part, at, end - behind);
    return part;
  }

  /** Any number of blanks beside the events would be copied into every part. */
  private int beforeBlanks(int end) {
    int at = end;
    while (at > 0 && isBlank(body[at - 1])) {
      at--;
    }
    return at;
  }

  private int afterBlanks(int start) {
    int at = start;
    while (at < body.length && isBlank(body[at])) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
