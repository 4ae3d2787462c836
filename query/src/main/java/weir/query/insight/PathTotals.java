package weir.query.insight;

import weir.query.kept.PersonEvents;
import weir.query.kept.TooLargeException;
import weir.query.kept.Totals;

/** Counts which event followed which. */
final class PathTotals implements Totals<PathTotals> {
  private static final int NAME_BITS = 20;
  private static final int MOST_NAMES = 1 << NAME_BITS;

  private final Paths paths;
  private final long timeout;
  private final CellCounts links = new CellCounts();
  private final Names names;
  private int[] path = new int[64];

  /** What the numbers of names mean. */
  interface Names {
    String name(int number);
  }

  PathTotals(Paths paths, Names names) {
    this.paths = paths;
    this.names = names;
    this.timeout = paths.by() == Paths.By.SESSION ? SessionTotals.USUAL_MICROS : Long.MAX_VALUE;
  }

  /** Takes a link. */
  interface Links {
    void link(int step, int from, int to, long count);
  }

  @Override
  public void add(PersonEvents person, int sign) {
    if (person.person() < 0) {
      return;
    }
    for (int from = 0, to; from < person.size(); from = to) {
      to = person.sessionEnd(from, timeout);
      path(person.names(), person.times(), from, to, sign);
    }
  }

  private void path(int[] names, long[] times, int from, int to, int sign) {
    if (path.length < to - from) {
      path = new int[Math.max(to - from, 2 * path.length)];
    }
    System.arraycopy(names, from, path, 0, to - from);
    for (int tie = from, end; tie < to; tie = end) {
      end = tie + 1;
      while (end < to && times[end] == times[tie]) {
        end++;
      }
      sort(tie - from, end - from);
    }
    int size = to - from;
    if (paths.collapse()) {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (kept == 0 || path[kept - 1] != path[i]) {
          path[kept++] = path[i];
        }
      }
      size = kept;
    }
    links(size, sign);
  }

  /** Events of one moment are taken in the order of their names. */
  private void sort(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int name = path[i];
      int at = i;
      while (at > from && isBefore(name, path[at - 1])) {
        path[at] = path[at - 1];
        at--;
      }
      path[at] = name;
    }
  }

  private boolean isBefore(int name, int other) {
    return name != other && BreakdownRanking.compare(names.name(name), names.name(other)) < 0;
  }

  private void links(int size, int sign) {
    int first = paths.start().isEmpty() ? 0 : place(paths.start().get(), 0, size);
    int last = Math.min(size, first + paths.steps()) - 1;
    if (first < size && paths.end().isPresent()) {
      boolean begins = paths.start().isPresent();
      int end = place(paths.end().get(), begins ? first + 1 : first, size);
      if (end == size) {
        return;
      }
      first = begins ? first : Math.max(first, end - paths.steps() + 1);
      last = begins ? Math.min(end, last) : end;
    }
    for (int i = first; i < last; i++) {
      links.add(cell(i - first, path[i], path[i + 1]), sign, 0);
    }
  }

  /** The first place of a name from one on, or the size. */
  private int place(String name, int from, int size) {
    int at = from;
    while (at < size && !names.name(path[at]).equals(name)) {
      at++;
    }
    return at;
  }

  private static long cell(int step, int from, int to) {
    if (from >= MOST_NAMES || to >= MOST_NAMES) {
      throw new TooLargeException();
    }
    return ((long) step << NAME_BITS | from) << NAME_BITS | to;
  }

  @Override
  public void join(PathTotals other) {
    links.join(other.links);
  }

  @Override
  public long bytes() {
    return links.bytes() + 4L * path.length;
  }

  /** All links that there are, in any order. */
  void forEach(Links taker) {
    int mask = MOST_NAMES - 1;
    links.forEach((cell, count, none) -> {
      if (count > 0) {
        taker.link(
            (int) (cell >>> 2 * NAME_BITS) + 1,
            (int) (cell >>> NAME_BITS) & mask,
            (int) cell & mask,
            count);
      }
    });
  }
}
