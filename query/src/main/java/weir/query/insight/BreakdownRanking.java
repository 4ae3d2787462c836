package weir.query.insight;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which values of a breakdown are the most frequent, as a statement would order them. */
final class BreakdownRanking {
  private final Map<Value, Long> events = new HashMap<>();

  /** A String, Double or Boolean, or null. */
  record Value(@Nullable Object value) {}

  /** As SQL orders values: by the bytes of UTF-8, and null last. */
  static final Comparator<Value> ORDER = (a, b) -> compare(a.value(), b.value());

  void add(Value value, long count) {
    events.merge(value, count, Long::sum);
  }

  /** The most frequent ones. */
  List<Value> top(int most) {
    return events.entrySet().stream()
        .sorted(
            Map.Entry.<Value, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry::getKey, ORDER))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Compares what breakdowns can have as values: null is last. */
  static int compare(@Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left == null, right == null);
    }
    if (left instanceof String text && right instanceof String other) {
      return compare(text, other);
    }
    return left instanceof Number number && right instanceof Number other
        ? Double.compare(number.doubleValue(), other.doubleValue())
        : Objects.toString(left).compareTo(Objects.toString(right));
  }

  /** Code point by code point, which is the order of the bytes of UTF-8. */
  static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        boolean surrogates = Character.isSurrogate(left) != Character.isSurrogate(right);
        return surrogates ? (Character.isSurrogate(left) ? 1 : -1) : left - right;
      }
    }
    return a.length() - b.length();
  }
}
