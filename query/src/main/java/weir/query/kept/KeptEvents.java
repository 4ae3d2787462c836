package weir.query.kept;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import weir.query.Deadline;
import weir.query.EventReader;
import weir.query.EventView;
import weir.query.QueryException;

/**
 * Keeps events that questions were asked about in memory, as numbers in order of person and time,
 * and what the questions counted: when they are asked again only what is new is read and counted.
 * Safe for use by several threads.
 */
public final class KeptEvents {
  private static final int MOST_PROJECTS = 64;
  private static final int MANY_MERGES = 20_000;

  private final EventReader reader;
  private final long maxBytes;
  private final int manyMerges;
  private final LongSupplier ticker;
  private final AtomicLong counted = new AtomicLong();
  private final Map<String, KeptProject> projects = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Keeps nothing at first.
   *
   * @param maxBytes how much memory may be kept
   * @param ticker nanoseconds from some origin
   */
  public KeptEvents(EventReader reader, long maxBytes, LongSupplier ticker) {
    this(reader, maxBytes, MANY_MERGES, ticker);
  }

  KeptEvents(EventReader reader, long maxBytes, int manyMerges, LongSupplier ticker) {
    this.manyMerges = manyMerges;
    this.reader = reader;
    this.maxBytes = maxBytes;
    this.ticker = ticker;
  }

  /** How many questions were answered from here. */
  public long counted() {
    return counted.get();
  }

  /** How much memory is kept. */
  public synchronized long bytes() {
    return projects.values().stream().mapToLong(KeptProject::bytes).sum();
  }

  /** Begins to answer a question; to be closed. On a thread of the engine's. */
  public Reading read(String project, Deadline deadline) throws QueryException {
    KeptProject kept = project(project);
    // so that no later question sees less than an earlier one has read
    kept.lock(deadline);
    try {
      return new Reading(kept, reader.view(project, deadline), counted);
    } catch (QueryException | RuntimeException e) {
      kept.unlock();
      throw e;
    }
  }

  private synchronized KeptProject project(String name) {
    KeptProject found = projects.get(name);
    if (found == null) {
      if (projects.size() >= MOST_PROJECTS) {
        projects.remove(projects.keySet().iterator().next());
      }
      found = new KeptProject(maxBytes, manyMerges, ticker);
      projects.put(name, found);
    }
    forgetOthers(name);
    return found;
  }

  /** The other projects keep half of what one may, so that this one has room. */
  private void forgetOthers(String used) {
    long sum =
        projects.entrySet().stream()
            .filter(each -> !each.getKey().equals(used))
            .mapToLong(each -> each.getValue().bytes())
            .sum();
    Iterator<Map.Entry<String, KeptProject>> each = projects.entrySet().iterator();
    while (sum > maxBytes / 2 && each.hasNext()) {
      Map.Entry<String, KeptProject> project = each.next();
      if (!project.getKey().equals(used)) {
        sum -= project.getValue().bytes();
        each.remove();
      }
    }
  }

  /** One question being answered. Used by one thread. */
  public static final class Reading implements AutoCloseable {
    private final KeptProject kept;
    private final EventView view;
    private final AtomicLong questions;

    private Reading(KeptProject kept, EventView view, AtomicLong counted) {
      this.questions = counted;
      this.kept = kept;
      this.view = view;
    }

    /** What the question sees. */
    public EventView view() {
      return view;
    }

    /**
     * Counts.
     *
     * @param question equal for questions that count the same, whatever the time span
     * @param streams the number of each is in {@link PersonEvents#streams}
     * @param newTotals begins to count; called by several threads
     * @param answer is given the totals, and how values were numbered; it keeps neither
     * @throws TooLargeException if that takes more memory than may be kept
     */
    public <T extends Totals<T>, R> R count(
        Object question,
        List<StreamSpec> streams,
        TimeSpan span,
        Supplier<T> newTotals,
        Answer<T, R> answer)
        throws QueryException {
      List<StreamView> views = kept.update(view, streams);
      KeptTotals<T> totals = kept.totals(question, new KeptTotals<>(newTotals));
      Groups groups = kept.groups();
      long epoch = kept.epoch();
      kept.unlock();
      synchronized (totals) {
        T counted = totals.of(views, groups, epoch, span);
        R answered = answer.of(counted, (stream, value) -> views.get(stream).names().value(value));
        questions.incrementAndGet();
        return answered;
      }
    }

    @Override
    public void close() {
      kept.unlock();
      view.close();
    }
  }

  /** Makes an answer of totals. */
  public interface Answer<T, R> {
    R of(T totals, ValueLookup values) throws QueryException;
  }

  /** What the numbers of values mean. */
  public interface ValueLookup {
    /** A String, Double or Boolean, or null. */
    @org.jspecify.annotations.Nullable
    Object value(int stream, int value);
  }
}
