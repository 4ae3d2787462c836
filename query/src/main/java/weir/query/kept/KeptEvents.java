package weir.query.kept;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.query.Deadline;
import weir.query.EventReader;
import weir.query.EventView;
import weir.query.QueryException;

/**
 * Keeps events that questions were asked about, as numbers in order of person and time, in memory
 * and where that is full on disk, and what the questions counted: when they are asked again only
 * what is new is read and counted. Safe for use by several threads.
 */
public final class KeptEvents {
  private static final int MOST_PROJECTS = 64;
  private static final int MANY_MERGES = 20_000;

  private final EventReader reader;
  private final long maxBytes;
  private final RowDisk disk;
  private final int manyMerges;
  private final LongSupplier ticker;
  private final AtomicLong counted = new AtomicLong();
  private final AtomicLong filesBeside = new AtomicLong();
  private final Map<String, KeptProject> projects = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Keeps nothing at first.
   *
   * @param maxBytes how much memory may be kept
   * @param disk for events that there is no memory for
   * @param ticker nanoseconds from some origin
   */
  public KeptEvents(EventReader reader, long maxBytes, RowDisk disk, LongSupplier ticker) {
    this(reader, maxBytes, disk, MANY_MERGES, ticker);
  }

  KeptEvents(EventReader reader, long maxBytes, RowDisk disk, int manyMerges, LongSupplier ticker) {
    this.disk = disk;
    this.manyMerges = manyMerges;
    this.reader = reader;
    this.maxBytes = maxBytes;
    this.ticker = ticker;
  }

  /** How many questions were answered from here. */
  public long counted() {
    return counted.get();
  }

  /** How many files were not read, but what lies beside them. */
  long filesBeside() {
    return filesBeside.get();
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
      return new Reading(kept, reader.view(project, deadline), deadline, counted);
    } catch (QueryException | RuntimeException e) {
      kept.unlock();
      throw e;
    }
  }

  /**
   * Reads what any question about a project needs first, so that the first one need not wait for
   * it. On a thread of the engine's.
   */
  public void prepare(String project, Deadline deadline) throws QueryException {
    try (Reading reading = read(project, deadline)) {
      reading.prepare();
    }
  }

  private synchronized KeptProject project(String name) {
    KeptProject found = projects.get(name);
    if (found == null) {
      if (projects.size() >= MOST_PROJECTS) {
        projects.remove(projects.keySet().iterator().next());
      }
      found = new KeptProject(maxBytes, disk, manyMerges, filesBeside, ticker);
      projects.put(name, found);
    }
    forgetOthers(name);
    return found;
  }

  /** The other projects keep half of what one may, so that this one has room. */
  private void forgetOthers(String used) {
    List<KeptProject> others =
        projects.entrySet().stream()
            .filter(each -> !each.getKey().equals(used))
            .map(Map.Entry::getValue)
            .toList();
    long sum = others.stream().mapToLong(KeptProject::bytes).sum();
    long onDisk = others.stream().mapToLong(KeptProject::diskBytes).sum();
    for (KeptProject each : others) {
      if (sum > maxBytes / 2 || onDisk > disk.maxBytes() / 2) {
        sum -= each.bytes();
        onDisk -= each.diskBytes();
        projects.values().remove(each);
      }
    }
  }

  /** One question being answered. Used by one thread. */
  public static final class Reading implements AutoCloseable {
    private final KeptProject kept;
    private final EventView view;
    private final Deadline deadline;
    private final AtomicLong questions;

    private Reading(KeptProject kept, EventView view, Deadline deadline, AtomicLong counted) {
      this.deadline = deadline;
      this.questions = counted;
      this.kept = kept;
      this.view = view;
    }

    private void prepare() throws QueryException {
      kept.updateKeys(view);
      view.events();
    }

    /** What the question sees. */
    public EventView view() {
      return view;
    }

    /** The name of an event by its number; for any thread. */
    public String event(int number) {
      return kept.event(number);
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
        Selection selection,
        LocalDate since,
        TimeSpan span,
        Supplier<T> newTotals,
        Answer<T, R> answer)
        throws QueryException {
      try {
        return ScopedValue.where(Partitions.DEADLINE, deadline)
            .call(() -> counted(question, selection, since, span, newTotals, answer));
      } catch (Partitions.EndedException e) {
        throw e.reason();
      }
    }

    private <T extends Totals<T>, R> R counted(
        Object question,
        Selection selection,
        LocalDate since,
        TimeSpan span,
        Supplier<T> newTotals,
        Answer<T, R> answer)
        throws QueryException {
      List<StreamView> views = kept.update(view, selection, since);
      KeptTotals<T> totals = kept.totals(List.of(question, selection), new KeptTotals<>(newTotals));
      Groups groups = kept.groups();
      long epoch = kept.epoch();
      kept.unlock();
      KeptProject.lock(totals.lock(), deadline);
      try {
        Values values = new Values(views);
        T counted = totals.of(views, groups, epoch, span, values);
        R answered = answer.of(counted, values);
        questions.incrementAndGet();
        return answered;
      } finally {
        totals.lock().unlock();
      }
    }

    /** Adds up values by name, breakdown and interval. */
    public List<Sum> sums(SumQuestion question, TimeSpan span) throws QueryException {
      List<Sum> sums = kept.sums(view, question, span);
      questions.incrementAndGet();
      return sums;
    }

    @Override
    public void close() {
      kept.unlock();
      view.close();
    }
  }

  /** Makes an answer of totals. */
  public interface Answer<T, R> {
    R of(T totals, Values values) throws QueryException;
  }

  /** What the numbers of values mean; for any thread. */
  public static final class Values {
    /** None means anything. */
    public static final Values NONE = new Values(List.of());

    private final @Nullable ValueNames values;
    private final @Nullable ValueNames keys;

    private Values(List<StreamView> views) {
      this.values = names(views.stream().map(StreamView::value));
      this.keys = names(views.stream().map(StreamView::key));
    }

    private static @Nullable ValueNames names(Stream<KeptColumn.@Nullable View> columns) {
      return columns.filter(Objects::nonNull).map(KeptColumn.View::names).findFirst().orElse(null);
    }

    /** What an event came with: a String, Double or Boolean, or null. */
    public @Nullable Object value(int number) {
      return values == null ? null : values.value(number);
    }

    /** What it came with as its key. */
    public @Nullable Object key(int number) {
      return keys == null ? null : keys.value(number);
    }
  }
}
