package weir.query.kept;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import weir.query.Deadline;
import weir.query.EventView;
import weir.query.QueryException;

/** What is kept of one project. Its lock guards all of it. */
final class KeptProject {
  private static final int WAIT_MILLIS = 20;
  private static final int MOST_TOTALS = 1_000;

  private final long maxBytes;
  private final LongSupplier ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<StreamSpec, EventStream> streams = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Object, KeptTotals<?>> totals = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<StreamSpec, Long> tooLarge = new HashMap<>();
  private final PersonKeys keys;
  private long epoch;
  private List<StreamSpec> inUse = List.of();
  private volatile long bytes;

  KeptProject(long maxBytes, int manyMerges, LongSupplier ticker) {
    this.keys = new PersonKeys(manyMerges);
    this.maxBytes = maxBytes;
    this.ticker = ticker;
  }

  void lock(Deadline deadline) throws QueryException {
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

  /** What a question has counted before; empty at first. */
  @SuppressWarnings("unchecked")
  <T extends Totals<T>> KeptTotals<T> totals(Object question, KeptTotals<T> ifNone) {
    return (KeptTotals<T>) totals.computeIfAbsent(question, key -> ifNone);
  }

  Groups groups() {
    return keys.later();
  }

  long epoch() {
    return epoch;
  }

  /** Brings streams up to what a view sees. */
  List<StreamView> update(EventView view, List<StreamSpec> specs) throws QueryException {
    inUse = specs;
    updateKeys(view);
    List<EventView.Part> table = view.parts();
    List<Reading> readings = new ArrayList<>();
    List<EventStream> wanted = new ArrayList<>();
    for (StreamSpec spec : specs) {
      refuseTooLarge(spec, view.rows());
      EventStream stream = streams.computeIfAbsent(spec, EventStream::new);
      EventStream.Plan plan = stream.plan(table);
      if (stream.isFull(plan)) {
        stream = new EventStream(spec);
        streams.put(spec, stream);
        plan = stream.plan(table);
      }
      wanted.add(stream);
      if (!plan.isEmpty()) {
        readings.add(new Reading(stream, plan));
      }
    }
    try {
      read(view, readings);
    } catch (TooLargeException e) {
      for (StreamSpec spec : specs) {
        tooLarge.put(spec, view.rows());
        streams.remove(spec);
      }
      throw e;
    } catch (QueryException | RuntimeException e) {
      // some of them may have taken a part of what is new
      specs.forEach(streams::remove);
      throw e;
    }
    List<StreamView> views = wanted.stream().map(EventStream::view).toList();
    evict(specs, maxBytes);
    inUse = List.of();
    return views;
  }

  private void updateKeys(EventView view) throws QueryException {
    switch (keys.update(view)) {
      case NONE -> {}
      case MANY -> {
        LongMap joined = keys.later().all();
        streams.values().forEach(stream -> stream.rekey(joined));
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

  /** What was too large is not tried again until there is much less. */
  private void refuseTooLarge(StreamSpec spec, long rows) {
    Long refused = tooLarge.get(spec);
    if (refused != null && rows > refused / 2) {
      throw new TooLargeException();
    }
  }

  /** A stream that is read. */
  private final class Reading {
    private final EventStream stream;
    private final EventStream.Plan plan;
    private final RowCollector rows;

    Reading(EventStream stream, EventStream.Plan plan) {
      this.stream = stream;
      this.plan = plan;
      this.rows = new RowCollector(stream.spec().hasValue());
    }

    boolean isLike(Reading other) {
      return stream.spec().isLike(other.stream.spec()) && plan.read().equals(other.plan.read());
    }
  }

  private void read(EventView view, List<Reading> readings) throws QueryException {
    List<Reading> left = new ArrayList<>(readings);
    while (!left.isEmpty()) {
      Reading first = left.getFirst();
      List<Reading> together = new ArrayList<>();
      together.add(first);
      left.stream().skip(1).filter(first::isLike).forEach(together::add);
      left.removeAll(together);
      readTogether(view, together);
      long now = ticker.getAsLong();
      together.forEach(reading -> reading.stream.apply(reading.plan, reading.rows, now));
    }
  }

  private void readTogether(EventView view, List<Reading> readings) throws QueryException {
    Reading first = readings.getFirst();
    StreamSpec spec = first.stream.spec();
    if (first.plan.read().isEmpty()) {
      return;
    }
    List<String> names =
        readings.stream().flatMap(each -> each.stream.spec().event().stream()).toList();
    List<String> select = new ArrayList<>(List.of(EventView.ACTOR, EventView.MICROS));
    select.add(names.isEmpty() ? "0::BIGINT" : number(names));
    if (spec.hasValue()) {
      select.add(
          switch (spec.kind()) {
            case MASK -> "CAST(" + spec.value() + " AS BIGINT)";
            case FLAG -> "CAST(CAST(" + spec.value() + " AS INTEGER) AS BIGINT)";
            default -> spec.value();
          });
    }
    Set<String> columns = new TreeSet<>(spec.columns());
    columns.addAll(Set.of("actor", "timestamp"));
    List<String> where = new ArrayList<>();
    if (!names.isEmpty()) {
      columns.add("event");
      where.add(
          names.stream()
              .map(KeptProject::literal)
              .collect(Collectors.joining(", ", "event IN (", ")")));
    }
    if (!spec.condition().isEmpty()) {
      where.add("(" + spec.condition() + ")");
    }
    RowTaker taker = new RowTaker(readings, spec);
    view.read(first.plan.read(), columns, select, String.join(" AND ", where), taker);
  }

  private static String number(List<String> names) {
    StringBuilder number = new StringBuilder("CAST(CASE event");
    for (int i = 0; i < names.size(); i++) {
      number.append(" WHEN ").append(literal(names.get(i))).append(" THEN ").append(i);
    }
    return number.append(" END AS BIGINT)").toString();
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Gives rows to the streams that they are of. */
  private final class RowTaker implements EventView.ChunkHandler {
    private final List<Reading> readings;
    private final StreamSpec.Kind kind;
    private final long rowBytes;
    private final int[] firstParts;
    private long taken;
    private long actor = -1;
    private long person = -1;

    RowTaker(List<Reading> readings, StreamSpec spec) {
      this.readings = readings;
      this.kind = spec.kind();
      this.rowBytes = 2 * Rows.bytes(1, spec.hasValue()); // unsorted, then sorted
      this.firstParts = readings.stream().mapToInt(each -> each.stream.nextPart()).toArray();
    }

    @Override
    public void chunk(weir.query.RowChunk chunk) {
      taken += chunk.rows();
      makeRoom(taken * rowBytes);
      boolean valued = kind != StreamSpec.Kind.NONE;
      int partColumn = valued ? 4 : 3;
      for (int row = 0; row < chunk.rows(); row++) {
        long next = chunk.number(0, row);
        if (next != actor) {
          actor = next;
          person = keys.key(next);
        }
        int to = (int) chunk.number(2, row);
        Reading reading = readings.get(to);
        int value = valued ? reading.stream.names().number(chunk, kind, 3, row) : 0;
        int part = firstParts[to] + (int) chunk.number(partColumn, row);
        reading.rows.add(person, chunk.number(1, row), part, value);
      }
    }
  }

  /** Forgets what was not used for longest, as far as a reading needs the memory. */
  private void makeRoom(long needed) {
    if (needed > maxBytes) {
      throw new TooLargeException();
    }
    if (bytes + needed > maxBytes) {
      evict(inUse, maxBytes - needed);
      if (bytes + needed > maxBytes) {
        throw new TooLargeException();
      }
    }
  }

  /** Forgets what was not used for longest, as long as there is too much; not what is in use. */
  private void evict(List<StreamSpec> used, long most) {
    long sum =
        streams.values().stream().mapToLong(EventStream::bytes).sum()
            + totals.values().stream().mapToLong(KeptTotals::bytes).sum();
    Iterator<KeptTotals<?>> oldTotals = totals.values().iterator();
    while ((sum > most || totals.size() > MOST_TOTALS) && oldTotals.hasNext()) {
      sum -= oldTotals.next().bytes();
      oldTotals.remove();
    }
    Iterator<EventStream> oldStreams = streams.values().iterator();
    while (sum > most && oldStreams.hasNext()) {
      EventStream stream = oldStreams.next();
      if (!used.contains(stream.spec())) {
        sum -= stream.bytes();
        oldStreams.remove();
      }
    }
    bytes = sum;
  }
}
