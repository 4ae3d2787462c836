package weir.event;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what somebody may have meant who mistyped a name. */
public final class NearestNames {
  private static final int LONGEST = 100;

  private NearestNames() {}

  private record Near(String name, int distance) {}

  /** The nearest of some names, those that differ by case first; none where none is near. */
  public static List<String> of(String typed, Collection<String> names, int most) {
    String folded = typed.toLowerCase(Locale.ROOT);
    int farthest = Math.max(2, typed.length() / 3);
    return names.stream()
        .filter(name -> Math.abs(name.length() - typed.length()) <= farthest)
        .filter(name -> name.length() <= LONGEST)
        .map(name -> new Near(name, distance(folded, name.toLowerCase(Locale.ROOT))))
        .filter(near -> near.distance() <= farthest)
        .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
        .limit(most)
        .map(Near::name)
        .toList();
  }

  /** Levenshtein's distance, one row at a time. */
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
