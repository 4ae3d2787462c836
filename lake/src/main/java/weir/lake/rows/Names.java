package weir.lake.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Comparators;
import org.jspecify.annotations.Nullable;

/** Numbers distinct strings as they come, and ranks them at the end. Number 0 is null. */
final class Names {
  /** The order of strings by their UTF-8 bytes, null first. */
  static final class Ranks {
    private final int[] rankOf;
    private final @Nullable String[] inOrder;

    private Ranks(int[] rankOf, @Nullable String[] inOrder) {
      this.rankOf = rankOf;
      this.inOrder = inOrder;
    }

    /** The ranks of all numbers, by number; not to be changed. */
    int[] rankOf() {
      return rankOf;
    }

    /** The string of a rank; null at 0. */
    @Nullable String at(int rank) {
      return inOrder[rank];
    }
  }

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private long bytes;

  /** Only with surrogates does the order of UTF-16 differ from that of UTF-8. */
  private boolean surrogates;

  int number(@Nullable String name) {
    if (name == null) {
      return 0;
    }
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    names.add(name);
    surrogates |= !surrogates && name.chars().anyMatch(c -> Character.isSurrogate((char) c));
    bytes += 100 + name.length();
    numbers.put(name, names.size());
    return names.size();
  }

  /** Memory in use, approximately. */
  long bytes() {
    return bytes;
  }

  Ranks ranks() {
    String[] sorted = names.toArray(String[]::new);
    if (surrogates) {
      Arrays.sort(sorted, (a, b) -> Comparators.charSequences().compare(a, b));
    } else {
      Arrays.sort(sorted);
    }
    int[] rankOf = new int[sorted.length + 1];
    String[] inOrder = new String[sorted.length + 1];
    for (int rank = 1; rank <= sorted.length; rank++) {
      String name = sorted[rank - 1];
      inOrder[rank] = name;
      Integer number = numbers.get(name);
      if (number != null) {
        rankOf[number] = rank;
      }
    }
    return new Ranks(rankOf, inOrder);
  }
}
