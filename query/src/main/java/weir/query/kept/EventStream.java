package weir.query.kept;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import weir.query.EventView;

/**
 * The events of one name, kept up with a table whose parts come and go, and what is known of them.
 *
 * <p>Rows lie in levels of growing size, as in a log-structured merge tree: what is new makes a
 * small level, and levels of like size are merged, so that each row is moved a few times only.
 * Parts that go are marked, and their rows dropped later, so that what was computed from an earlier
 * version can be brought up to this one. Guarded by the project.
 */
final class EventStream {
  private static final int MOST_PARTS = 60_000;
  private static final long NANOS_KEPT = 120_000_000_000L;

  private final String event;
  private final int number;
  private final RowDisk disk;
  private final Object id = new Object();
  private final Map<Expression, KeptColumn> columns = new HashMap<>();
  private final Map<EventView.Part, Integer> live = new LinkedHashMap<>();
  private final Map<Integer, Long> diedAt = new LinkedHashMap<>();
  private PartTimes times = new PartTimes();
  private Lives lives = Lives.NONE;
  private List<Level> levels = List.of();
  private long version;
  private long forgotten;
  private LocalDate since = LocalDate.MAX;

  /**
   * Knows nothing yet.
   *
   * @param number of the name
   * @param disk for rows that there is no memory for
   */
  EventStream(String event, int number, RowDisk disk) {
    this.event = event;
    this.number = number;
    this.disk = disk;
  }

  String event() {
    return event;
  }

  /** What is to be read and dropped for another state of the table. */
  record Plan(List<EventView.Part> read, List<EventView.Part> dead) {
    boolean isEmpty() {
      return read.isEmpty() && dead.isEmpty();
    }
  }

  /**
   * Says what is to be done.
   *
   * @param from the first day that is needed; days that were needed before still are
   */
  Plan plan(List<EventView.Part> parts, LocalDate from) {
    since = from.isBefore(since) ? from : since;
    List<EventView.Part> table = parts.stream().filter(this::isNeeded).toList();
    Map<Object, EventView.Part> wanted = new HashMap<>();
    table.forEach(part -> wanted.put(part.source(), part));
    List<EventView.Part> dead = new ArrayList<>();
    Map<Object, List<EventView.Part>> kept = new HashMap<>();
    for (EventView.Part part : live.keySet()) {
      EventView.Part now = wanted.get(part.source());
      if (now == null || part.from() < now.from() || part.to() > now.to()) {
        dead.add(part);
      } else {
        kept.computeIfAbsent(part.source(), source -> new ArrayList<>()).add(part);
      }
    }
    List<EventView.Part> read = new ArrayList<>();
    for (EventView.Part part : table) {
      List<EventView.Part> known = kept.getOrDefault(part.source(), List.of());
      if (part.to() > 0) {
        gaps(part, known, read);
      } else if (known.isEmpty()) {
        read.add(part);
      }
    }
    return new Plan(read, dead);
  }

  private boolean isNeeded(EventView.Part part) {
    return part.day().isEmpty() || !part.day().get().isBefore(since);
  }

  /** Those rows of a part that are not known. */
  private static void gaps(
      EventView.Part part, List<EventView.Part> known, List<EventView.Part> gaps) {
    int at = part.from();
    for (EventView.Part each :
        known.stream().sorted(Comparator.comparingInt(EventView.Part::from)).toList()) {
      if (at < each.from()) {
        gaps.add(part.rows(at, each.from()));
      }
      at = each.to();
    }
    if (at < part.to()) {
      gaps.add(part.rows(at, part.to()));
    }
  }

  /** The number of the first part that is read next. */
  int nextPart() {
    return lives.count();
  }

  boolean isFull(Plan plan) {
    return lives.count() + plan.read().size() > MOST_PARTS;
  }

  /**
   * Marks parts that have gone.
   *
   * @param now nanoseconds
   */
  void forget(List<EventView.Part> parts, long now) {
    int[] dead = parts.stream().mapToInt(part -> live.remove(part)).toArray();
    boolean changed = false;
    for (int part : dead) {
      changed |= lives.parts()[part].rows() > 0;
      diedAt.put(part, now);
    }
    if (changed) {
      version++;
    }
    lives = lives.with(version, dead, new PartRows[0]);
  }

  /**
   * Takes parts.
   *
   * @param rows of one part in one of them, with the parts numbered from {@link #nextPart}
   * @param now nanoseconds
   */
  void add(List<EventView.Part> parts, List<RowCollector> rows, long now) {
    if (rows.stream().allMatch(each -> each.rows() == 0)) {
      parts.forEach(this::addEmpty);
    } else {
      int first = lives.count();
      PartRows[] added = new PartRows[parts.size()];
      Arrays.fill(added, PartRows.NONE);
      rows.forEach(each -> each.describe(first, added));
      List<Level> more = new ArrayList<>(levels);
      for (RowCollector each : rows) {
        if (each.rows() > 0) {
          more.add(Level.of(each.sorted(), first, first + added.length));
        }
      }
      take(parts, added, more);
    }
    tidy(now);
  }

  /**
   * Takes parts.
   *
   * @param added which rows there are of each
   * @param sorted those rows, by partition
   * @param now nanoseconds
   */
  void add(List<EventView.Part> parts, PartRows[] added, Rows[] sorted, long now) {
    List<Level> more = new ArrayList<>(levels);
    more.add(Level.of(sorted, lives.count(), lives.count() + added.length));
    if (more.getLast().rows() == 0) {
      parts.forEach(this::addEmpty);
    } else {
      take(parts, added, more);
    }
    tidy(now);
  }

  /** Nothing fails here: the query may end while rows are put in order, which they are by now. */
  private void take(List<EventView.Part> parts, PartRows[] added, List<Level> more) {
    int first = lives.count();
    version++;
    lives = lives.with(version, new int[0], added);
    for (int i = 0; i < added.length; i++) {
      live.put(parts.get(i), first + i);
    }
    levels = List.copyOf(more);
  }

  /** Lengthens the part before, so that parts do not become many where events are few. */
  private void addEmpty(EventView.Part part) {
    for (Map.Entry<EventView.Part, Integer> each : live.entrySet()) {
      EventView.Part before = each.getKey();
      if (part.to() > 0 && before.source() == part.source() && before.to() == part.from()) {
        Integer number = each.getValue();
        live.remove(before);
        live.put(part.rows(before.from(), part.to()), number);
        return;
      }
    }
    live.put(part, lives.count());
    lives = lives.with(version, new int[0], new PartRows[] {PartRows.NONE});
  }

  private void tidy(long now) {
    boolean[] gone = gone(now);
    long dead = 0;
    for (int part = 0; part < gone.length; part++) {
      dead += gone[part] ? lives.parts()[part].rows() : 0;
    }
    boolean all = dead > 1_000 && Levels.GROWTH * dead > rows();
    List<Level> before = levels;
    levels = Levels.merged(before, gone, all, disk);
    if (all && levels.size() == 1 && levels.equals(before)) {
      Level only = levels.getFirst();
      levels = Levels.rewritten(only, gone, disk);
    }
    List<Level> left = levels.stream().filter(before::contains).toList();
    for (int part = 0; part < gone.length; part++) {
      if (gone[part] && left.stream().noneMatch(holds(part))) {
        forget(part);
      }
    }
  }

  private static Predicate<Level> holds(int part) {
    return level -> part >= level.firstPart() && part < level.endPart();
  }

  /** The parts that went so long ago that nobody will ask for what there was before. */
  private boolean[] gone(long now) {
    boolean[] gone = new boolean[lives.count()];
    diedAt.forEach((part, at) -> gone[part] = now - at > NANOS_KEPT);
    return gone;
  }

  private void forget(int part) {
    forgotten = Math.max(forgotten, lives.died()[part]);
    diedAt.remove(part);
    PartRows rows = lives.parts()[part];
    for (KeptColumn column : columns.values()) {
      column.forget(part, rows);
    }
  }

  /**
   * Gives rows to other persons; earlier versions are forgotten.
   *
   * @throws TooLargeException if there is no room; the stream is of no use then
   */
  void rekey(LongMap persons) {
    version++;
    forgotten = version;
    times = new PartTimes();
    boolean onDisk = levels.stream().anyMatch(Level::isOnDisk);
    boolean piecewise = onDisk || disk.isFor(rows());
    boolean[] none = new boolean[lives.count()];
    List<Level> rekeyed = new ArrayList<>();
    RowCollector some = new RowCollector();
    for (Level level : levels) {
      for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
        some.add(level.rows(partition), persons);
        if (piecewise && some.rows() > StreamReader.ROWS_AT_ONCE) {
          rekeyed.add(Level.of(some.sorted(), 0, lives.count()).moved(disk));
          rekeyed = new ArrayList<>(Levels.merged(rekeyed, none, false, disk));
          some = new RowCollector();
        }
      }
    }
    if (some.rows() > 0) {
      rekeyed.add(Level.of(some.sorted(), 0, lives.count()));
    }
    levels = Levels.merged(rekeyed, none, !onDisk, disk);
  }

  /**
   * Moves rows from memory to disk.
   *
   * @param wanted how many bytes there are too many in memory
   * @return how many there are less
   */
  long moveToDisk(long wanted) {
    long moved = 0;
    List<Level> all = new ArrayList<>(levels);
    try {
      for (int i = 0; i < all.size() && moved < wanted; i++) {
        Level level = all.get(i);
        if (!level.isOnDisk() && disk.isFor(level.rows())) {
          all.set(i, level.moved(disk));
          moved += level.bytes() - all.get(i).bytes();
        }
      }
    } catch (TooLargeException e) {
      // what has no room there stays
    }
    levels = List.copyOf(all);
    return moved;
  }

  /** Forgets where rows lie in time; returns how many bytes there are less in memory. */
  long forgetTimes() {
    long bytes = times.bytes();
    if (bytes > 0) {
      times = new PartTimes();
    }
    return bytes;
  }

  long diskBytes() {
    return levels.stream().mapToLong(level -> level.store().diskBytes()).sum();
  }

  /** What an expression says of the events, if that was asked for. */
  Optional<KeptColumn> column(Expression expression) {
    return Optional.ofNullable(columns.get(expression));
  }

  void add(KeptColumn column) {
    columns.put(column.expression(), column);
  }

  Collection<KeptColumn> columns() {
    return columns.values();
  }

  void drop(Expression expression) {
    columns.remove(expression);
  }

  /** The parts that a column lacks, with their numbers. */
  Map<EventView.Part, Integer> lacking(KeptColumn column) {
    if (column.isCompleteFor(lives)) {
      return Map.of();
    }
    Map<EventView.Part, Integer> lacking = new LinkedHashMap<>();
    live.forEach((part, each) -> {
      if (lives.hasRows(each) && !column.hasPart(each)) {
        lacking.put(part, each);
      }
    });
    return lacking;
  }

  PartRows rowsOf(int part) {
    return lives.parts()[part];
  }

  /** The rows as they are now, for a question. */
  StreamView view(Selection selection) {
    List<Role> roles = selection.rolesOf(event);
    Map<Expression, KeptColumn.View> conditions = new HashMap<>();
    for (Role role : roles) {
      role.condition().ifPresent(each -> conditions.put(each, known(each)));
    }
    KeptColumn.View value = selection.valueOf(event).map(this::known).orElse(null);
    KeptColumn.View key = selection.keyOf(event).map(this::known).orElse(null);
    return new StreamView(
        id, number, version, forgotten, levels, lives, times, roles, conditions, value, key);
  }

  private KeptColumn.View known(Expression expression) {
    return Objects.requireNonNull(columns.get(expression)).view();
  }

  /** Says that a column lacks nothing now. */
  void completed(KeptColumn column) {
    column.completeFor(lives);
  }

  long rows() {
    return levels.stream().mapToLong(Level::rows).sum();
  }

  long bytes() {
    return 60L * lives.count()
        + times.bytes()
        + levels.stream().mapToLong(Level::bytes).sum()
        + columns.values().stream().mapToLong(KeptColumn::bytes).sum();
  }
}
