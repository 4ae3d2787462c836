package weir.query.kept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one question has counted, and of which versions of its streams, so that the next time only
 * the persons are counted anew that something has changed for.
 */
final class KeptTotals<T extends Totals<T>> {
  /** A share of all rows; where more have changed, all persons are counted anew. */
  private static final int SHARE = 16;

  private static final long MOST_CHANGED = 1_000_000;
  private static final long OVERHEAD = 4_000;

  private final Supplier<T> newTotals;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable T totals;
  private Map<Object, StreamView.Earlier> earlier = Map.of();
  private Groups groups = Groups.NONE;
  private TimeSpan span = new TimeSpan(0, 0);
  private long epoch;
  private volatile long bytes;

  KeptTotals(Supplier<T> newTotals) {
    this.newTotals = newTotals;
  }

  /** To be held while what is counted is used. */
  ReentrantLock lock() {
    return lock;
  }

  long bytes() {
    return bytes;
  }

  /**
   * The totals of some streams.
   *
   * @param values what the numbers mean that their events come with
   * @param newEpoch another one after rows got other keys
   */
  T of(
      List<StreamView> now,
      Groups nowGroups,
      long newEpoch,
      TimeSpan nowSpan,
      KeptEvents.Values values) {
    T known = totals;
    totals = null; // if this fails midway they are of no use
    Map<Object, StreamView.Earlier> seen = new HashMap<>();
    now.forEach(view -> seen.put(view.stream(), view.earlier()));
    boolean isUpToDate =
        known != null
            && epoch == newEpoch
            && isKnown(now, seen)
            && groups.size() <= nowGroups.size()
            && refresh(known, now, nowGroups, nowSpan, values);
    if (known == null || !isUpToDate) {
      known = all(now, nowGroups, nowSpan, values);
    }
    totals = known;
    // the rows of what was counted need not stay
    earlier = seen;
    groups = nowGroups;
    span = nowSpan;
    epoch = newEpoch;
    bytes = known.bytes() + OVERHEAD;
    return known;
  }

  /**
   * Whether what was counted can be brought up to date. Streams that were not there had no rows.
   */
  private boolean isKnown(List<StreamView> now, Map<Object, StreamView.Earlier> seen) {
    if (!seen.keySet().containsAll(earlier.keySet())) {
      return false;
    }
    for (StreamView view : now) {
      StreamView.Earlier before = earlier.get(view.stream());
      if (before != null && !before.isOf(view.earlier())) {
        return false;
      }
      if (!view.knows(version(view))) {
        return false;
      }
    }
    return true;
  }

  /** The version of a stream that was counted. */
  private long version(StreamView view) {
    StreamView.Earlier before = earlier.get(view.stream());
    return before == null ? 0 : before.version();
  }

  private T all(
      List<StreamView> now, Groups nowGroups, TimeSpan nowSpan, KeptEvents.Values values) {
    long rows = now.stream().mapToLong(StreamView::rows).sum();
    long[] versions = versions(now);
    T sum = begun(values);
    List<T> others = new ArrayList<>();
    Partitions.each(
        rows,
        () -> {
          T own = others.isEmpty() ? sum : begun(values);
          others.add(own);
          Fold fold = new Fold(now, versions, nowGroups, nowGroups.size(), nowSpan);
          return partition -> fold.partition(partition, own);
        });
    others.stream().skip(1).forEach(sum::join);
    new Fold(now, versions, nowGroups, nowGroups.size(), nowSpan).groups(sum);
    return sum;
  }

  private T begun(KeptEvents.Values values) {
    T begun = newTotals.get();
    begun.begin(values);
    return begun;
  }

  private static long[] versions(List<StreamView> views) {
    return views.stream().mapToLong(StreamView::version).toArray();
  }

  /** Returns false, with nothing changed, where that would not be less work. */
  private boolean refresh(
      T known, List<StreamView> now, Groups nowGroups, TimeSpan nowSpan, KeptEvents.Values values) {
    known.begin(values);
    long rows = now.stream().mapToLong(StreamView::rows).sum();
    ChangedPersons changed = new ChangedPersons(Math.min(rows / SHARE + 1_000, MOST_CHANGED));
    for (StreamView view : now) {
      if (!changed.add(view, version(view), span, nowSpan)) {
        return false;
      }
    }
    for (int join = groups.size(); join < nowGroups.size(); join++) {
      changed.add(nowGroups.joined(join));
      changed.add(nowGroups.person(join));
    }
    long[] versions = now.stream().mapToLong(this::version).toArray();
    Fold before = new Fold(now, versions, nowGroups, groups.size(), span);
    Fold after = new Fold(now, versions(now), nowGroups, nowGroups.size(), nowSpan);
    for (long person : changed.persons(nowGroups, groups.size())) {
      before.person(person, known, -1);
    }
    for (long person : changed.persons(nowGroups, nowGroups.size())) {
      after.person(person, known, 1);
    }
    return true;
  }

  /** The distinct numbers, ascending. */
  static long[] distinct(long[] numbers, int size) {
    long[] sorted = Arrays.copyOf(numbers, size);
    Arrays.sort(sorted);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (kept == 0 || sorted[kept - 1] != sorted[i]) {
        sorted[kept++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, kept);
  }
}
