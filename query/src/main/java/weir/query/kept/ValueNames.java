package weir.query.kept;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers values as they come: text, doubles or booleans. Grows only; any thread may look up. */
final class ValueNames {
  static final int NULL = -1;

  private static final int MOST = 1 << 20;

  private final Map<Object, Integer> numbers = new HashMap<>();
  private volatile Object[] values = new Object[16];
  private long bytes;

  int number(Object value) {
    Integer known = numbers.get(value);
    if (known != null) {
      return known;
    }
    int number = numbers.size();
    if (number == MOST) {
      throw new TooLargeException();
    }
    numbers.put(value, number);
    Object[] now = values;
    if (number == now.length) {
      now = Arrays.copyOf(now, 2 * number);
    }
    now[number] = value;
    values = now;
    bytes += 100 + (value instanceof String text ? 2L * text.length() : 0);
    return number;
  }

  /** A String, Double or Boolean; null for {@link #NULL}. */
  @Nullable Object value(int number) {
    return number == NULL ? null : values[number];
  }

  long bytes() {
    return bytes;
  }
}
