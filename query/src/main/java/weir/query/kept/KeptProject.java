package weir.query.kept;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import weir.query.Deadline;
import weir.query.EventView;
import weir.query.QueryException;

/** What is kept of one project. Its lock guards all of it. */
final class KeptProject implements StreamReader.Room {
  private static final int WAIT_MILLIS = 20;
  private static final int MOST_TOTALS = 1_000;
  private static final int MOST_NAMES = 1_000;

  /** A share of the memory, which is made free along with what is needed. */
  private static final int SLACK = 16;

  private final long maxBytes;
  private final RowDisk disk;
  private final AtomicLong filesBeside;
  private final LongSupplier ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final ValueNames events = new ValueNames();
  private final Map<String, EventStream> streams = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Object, FileSums> sums = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Object, KeptTotals<?>> totals = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Asked, Long> tooLarge =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Long> eldest) {
          return size() > MOST_TOTALS;
        }
      };
  private final PersonKeys keys;
  private long epoch;
  private Set<String> inUse = Set.of();
  private long uses;
  private long firstInUse;
  private volatile long bytes;
  private volatile long diskBytes;

  KeptProject(
      long maxBytes, RowDisk disk, int manyMerges, AtomicLong filesBeside, LongSupplier ticker) {
    this.filesBeside = filesBeside;
    this.disk = disk;
    this.keys = new PersonKeys(manyMerges);
    this.maxBytes = maxBytes;
    this.ticker = ticker;
  }

  void lock(Deadline deadline) throws QueryException {
    lock(lock, deadline);
  }

  /** Waits for a lock until the query ends. */
  static void lock(ReentrantLock lock, Deadline deadline) throws QueryException {
    try {
      while (!lock.tryLock(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        deadline.check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  void unlock() {
    if (lock.isHeldByCurrentThread()) {
      lock.unlock();
    }
  }

  long bytes() {
    return bytes;
  }

  long diskBytes() {
    return diskBytes;
  }

  /** What a question has counted before; empty at first. */
  @SuppressWarnings("unchecked")
  <T extends Totals<T>> KeptTotals<T> totals(Object question, KeptTotals<T> ifNone) {
    return (KeptTotals<T>) totals.computeIfAbsent(question, key -> ifNone);
  }

  /** What is added up, from what is known of files and what the view has beside. */
  List<Sum> sums(EventView view, SumQuestion question, TimeSpan span) throws QueryException {
    FileSums known = sums.computeIfAbsent(question.key(), key -> new FileSums());
    List<Sum> found = known.of(view, question, span);
    evict(maxBytes);
    return found;
  }

  Groups groups() {
    return keys.later();
  }

  long epoch() {
    return epoch;
  }

  /**
   * Brings what a selection needs up to what a view sees.
   *
   * @param since the first day that is needed
   */
  List<StreamView> update(EventView view, Selection selection, LocalDate since)
      throws QueryException {
    updateKeys(view);
    Set<String> names = selection.names(view.events());
    Asked asked = new Asked(names, since, Set.of());
    Asked valued = new Asked(names, since, selection.values());
    if (names.size() > MOST_NAMES
        || isTooLarge(asked, view.rows())
        || isTooLarge(valued, view.rows())) {
      throw new TooLargeException();
    }
    inUse = Set.copyOf(names);
    Asked reading = asked;
    try {
      read(view, names, asked);
      reading = valued; // other questions need not have so many values
      readColumns(view, names, selection);
      List<StreamView> views = names.stream().map(name -> stream(name).view(selection)).toList();
      evict(maxBytes);
      return views;
    } catch (TooLargeException e) {
      tooLarge.put(reading, view.rows());
      throw e;
    } finally {
      inUse = Set.of();
    }
  }

  private EventStream stream(String name) {
    return streams.computeIfAbsent(
        name, event -> new EventStream(event, events.number(event), disk));
  }

  /** The name of a number that streams have. */
  String event(int number) {
    return String.valueOf(events.value(number));
  }

  /** Reads rows that streams lack; what was read stays if the query ends on the way. */
  private void read(EventView view, Set<String> names, Asked asked) throws QueryException {
    List<EventView.Part> table = view.parts();
    Map<EventStream, EventStream.Plan> plans = new LinkedHashMap<>();
    for (String name : names) {
      EventStream stream = stream(name);
      EventStream.Plan plan = stream.plan(table, asked.since());
      if (stream.isFull(plan)) {
        streams.remove(name);
        stream = stream(name);
        plan = stream.plan(table, asked.since());
      }
      if (!plan.isEmpty()) {
        plans.put(stream, plan);
      }
    }
    try {
      new StreamReader(view, keys, this, ticker.getAsLong()).read(plans);
    } catch (TooLargeException e) {
      plans.keySet().forEach(stream -> streams.remove(stream.event()));
      throw e;
    }
  }

  private void readColumns(EventView view, Set<String> names, Selection selection)
      throws QueryException {
    Map<Expression, List<EventStream>> needed = new LinkedHashMap<>();
    for (String name : names) {
      EventStream stream = stream(name);
      for (Expression expression : selection.expressionsOf(name)) {
        column(stream, expression).use(++uses);
        needed.computeIfAbsent(expression, none -> new ArrayList<>()).add(stream);
      }
    }
    firstInUse = uses - needed.values().stream().mapToInt(List::size).sum();
    try {
      for (Map.Entry<Expression, List<EventStream>> each : needed.entrySet()) {
        new ColumnReader(view, each.getKey(), this).read(each.getValue());
      }
    } catch (QueryException | RuntimeException e) {
      // some of their rows may lack what is known of others
      needed.forEach((expression, of) -> of.forEach(stream -> stream.drop(expression)));
      throw e;
    }
  }

  /** A column of a stream; those of one expression have one dictionary. */
  private KeptColumn column(EventStream stream, Expression expression) {
    Optional<KeptColumn> known = stream.column(expression);
    if (known.isPresent()) {
      return known.get();
    }
    KeptColumn.Values dictionary =
        streams.values().stream()
            .flatMap(each -> each.column(expression).stream())
            .findFirst()
            .map(KeptColumn::dictionary)
            .orElseGet(KeptColumn.Values::new);
    KeptColumn added = new KeptColumn(expression, dictionary);
    stream.add(added);
    return added;
  }

  /** Takes the merges that a view sees. */
  void updateKeys(EventView view) throws QueryException {
    switch (keys.update(view)) {
      case NONE -> {}
      case MANY -> {
        rekey(keys.later().all());
        keys.settle();
        epoch++;
      }
      case ALL -> {
        streams.clear();
        totals.clear();
        epoch++;
      }
    }
  }

  private void rekey(LongMap joined) {
    for (EventStream stream : List.copyOf(streams.values())) {
      try {
        stream.rekey(joined);
      } catch (TooLargeException e) {
        streams.remove(stream.event());
      }
    }
  }

  /** Streams that a question needs together, and values that their events come with. */
  private record Asked(Set<String> names, LocalDate since, Set<Expression> values) {}

  /** What was too large is not tried again until there is much less. */
  private boolean isTooLarge(Asked asked, long rows) {
    Long refused = tooLarge.get(asked);
    return refused != null && rows > refused / 2;
  }

  @Override
  public long rowsAtOnce() {
    return maxBytes / (4 * Rows.BYTES);
  }

  @Override
  public void readBeside(int files) {
    filesBeside.addAndGet(files);
  }

  @Override
  public long rowsInPlace() {
    return maxBytes / (2 * Rows.BYTES);
  }

  /** Moves or forgets what was not used for longest, as far as a reading needs the memory. */
  @Override
  public synchronized void need(long needed) {
    if (needed > maxBytes) {
      throw new TooLargeException();
    }
    if (bytes + needed > maxBytes) {
      evict(Math.max(0, maxBytes - needed - maxBytes / SLACK));
      if (bytes + needed > maxBytes) {
        throw new TooLargeException();
      }
    }
  }

  @Override
  public void taken() {
    bytes =
        streams.values().stream().mapToLong(EventStream::bytes).sum()
            + totals.values().stream().mapToLong(KeptTotals::bytes).sum()
            + sums.values().stream().mapToLong(FileSums::bytes).sum()
            + dictionaryBytes();
    diskBytes = streams.values().stream().mapToLong(EventStream::diskBytes).sum();
  }

  private long dictionaryBytes() {
    Set<KeptColumn.Values> dictionaries = Collections.newSetFromMap(new IdentityHashMap<>());
    for (EventStream stream : streams.values()) {
      stream.columns().forEach(column -> dictionaries.add(column.dictionary()));
    }
    return dictionaries.stream().mapToLong(KeptColumn.Values::bytes).sum();
  }

  /**
   * Moves rows to disk as long as there is too much; where that is not enough, forgets what was not
   * used for longest and is not in use.
   */
  private void evict(long most) {
    taken();
    long sum = bytes;
    if (sum > most) {
      sum -= moveToDisk(sum - most);
    }
    Iterator<KeptTotals<?>> oldTotals = totals.values().iterator();
    while ((sum > most || totals.size() > MOST_TOTALS) && oldTotals.hasNext()) {
      sum -= oldTotals.next().bytes();
      oldTotals.remove();
    }
    Iterator<FileSums> oldSums = sums.values().iterator();
    while ((sum > most || sums.size() > MOST_TOTALS) && oldSums.hasNext()) {
      sum -= oldSums.next().bytes();
      oldSums.remove();
    }
    if (sum > most) {
      sum -= evictColumns(sum - most);
    }
    Iterator<EventStream> oldStreams = streams.values().iterator();
    while (sum > most && oldStreams.hasNext()) {
      EventStream stream = oldStreams.next();
      if (!inUse.contains(stream.event())) {
        sum -= stream.bytes();
        oldStreams.remove();
      }
    }
    bytes = sum;
  }

  private long moveToDisk(long wanted) {
    long moved = 0;
    for (EventStream stream : List.copyOf(streams.values())) {
      moved += stream.forgetTimes();
      if (moved < wanted) {
        moved += stream.moveToDisk(wanted - moved);
      }
    }
    return moved;
  }

  private record Place(EventStream stream, KeptColumn column) {}

  private long evictColumns(long wanted) {
    List<Place> old = new ArrayList<>();
    for (EventStream stream : streams.values()) {
      for (KeptColumn column : stream.columns()) {
        if (column.lastUsed() <= firstInUse) {
          old.add(new Place(stream, column));
        }
      }
    }
    old.sort(Comparator.comparingLong(place -> place.column().lastUsed()));
    long freed = 0;
    for (Place place : old) {
      if (freed >= wanted) {
        break;
      }
      freed += place.column().bytes();
      place.stream().drop(place.column().expression());
    }
    return freed;
  }
}
