package weir.query.kept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.query.EventView;

/**
 * The rows of one kind of events, kept up with a table whose parts come and go.
 *
 * <p>Rows lie in levels of growing size, as in a log-structured merge tree: what is new makes a
 * small level, and levels of like size are merged, so that each row is moved a few times only.
 * Parts that go are marked, and their rows dropped later, so that what was computed from an earlier
 * version can be brought up to this one. Guarded by the project.
 */
final class EventStream {
  private static final int MOST_PARTS = 60_000;
  private static final int GROWTH = 4;
  private static final long NANOS_KEPT = 120_000_000_000L;

  private final StreamSpec spec;
  private final Object id = new Object();
  private final ValueNames names = new ValueNames();
  private final Map<EventView.Part, Integer> live = new LinkedHashMap<>();
  private final Map<Integer, Long> diedAt = new LinkedHashMap<>();
  private Lives lives = Lives.NONE;
  private List<Level> levels = List.of();
  private long version;
  private long forgotten;

  EventStream(StreamSpec spec) {
    this.spec = spec;
  }

  StreamSpec spec() {
    return spec;
  }

  ValueNames names() {
    return names;
  }

  /** What is to be read and dropped for another state of the table. */
  record Plan(List<EventView.Part> read, List<EventView.Part> dead) {
    boolean isEmpty() {
      return read.isEmpty() && dead.isEmpty();
    }
  }

  Plan plan(List<EventView.Part> parts) {
    List<EventView.Part> table = parts.stream().filter(spec::mayHaveRowsIn).toList();
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
    return lives.parts();
  }

  boolean isFull(Plan plan) {
    return lives.parts() + plan.read().size() > MOST_PARTS;
  }

  /**
   * Takes what a plan wanted.
   *
   * @param rows with the parts numbered from {@link #nextPart}
   * @param now nanoseconds
   */
  void apply(Plan plan, RowCollector rows, long now) {
    int[] sizes = rows.sizes(lives.parts(), plan.read().size());
    int[] dead = plan.dead().stream().mapToInt(part -> live.remove(part)).toArray();
    boolean changed = rows.rows() > 0;
    for (int part : dead) {
      changed |= lives.rows()[part] > 0;
      diedAt.put(part, now);
    }
    if (changed) {
      version++;
    }
    int first = lives.parts();
    if (rows.rows() == 0) {
      lives = lives.with(version, dead, new int[0]);
      plan.read().forEach(this::addEmpty);
    } else {
      lives = lives.with(version, dead, sizes);
      for (int i = 0; i < sizes.length; i++) {
        live.put(plan.read().get(i), first + i);
      }
      List<Level> more = new ArrayList<>(levels);
      more.add(Level.of(rows.sorted(), first, lives.parts()));
      levels = more;
    }
    tidy(now);
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
    live.put(part, lives.parts());
    lives = lives.with(version, new int[0], new int[1]);
  }

  private void tidy(long now) {
    boolean[] gone = gone(now);
    long dead = 0;
    for (int part = 0; part < gone.length; part++) {
      dead += gone[part] ? lives.rows()[part] : 0;
    }
    List<Level> tidied = new ArrayList<>(levels);
    boolean all = dead > 1_000 && GROWTH * dead > rows();
    while (tidied.size() > 1) {
      Level last = tidied.getLast();
      Level before = tidied.get(tidied.size() - 2);
      if (!all && GROWTH * last.rows() < before.rows()) {
        break;
      }
      tidied.removeLast();
      tidied.removeLast();
      tidied.add(Level.merged(before, last, forget(gone, before, last)));
    }
    if (all && tidied.size() == 1 && levels.size() == 1) {
      Level only = tidied.removeLast();
      Level none = Level.of(noRows(), only.firstPart(), only.endPart());
      tidied.add(Level.merged(only, none, forget(gone, only, none)));
    }
    levels = List.copyOf(tidied);
  }

  private static Rows[] noRows() {
    Rows[] none = new Rows[Rows.PARTITIONS];
    Arrays.fill(none, Rows.NONE);
    return none;
  }

  /** The parts that went so long ago that nobody will ask for what there was before. */
  private boolean[] gone(long now) {
    boolean[] gone = new boolean[lives.parts()];
    diedAt.forEach((part, at) -> gone[part] = now - at > NANOS_KEPT);
    return gone;
  }

  private boolean[] forget(boolean[] gone, Level one, Level other) {
    int from = Math.min(one.firstPart(), other.firstPart());
    int to = Math.max(one.endPart(), other.endPart());
    for (int part = from; part < to; part++) {
      if (gone[part]) {
        forgotten = Math.max(forgotten, lives.died()[part]);
        diedAt.remove(part);
      }
    }
    return gone;
  }

  /** Gives rows to other persons; earlier versions are forgotten. */
  void rekey(LongMap persons) {
    RowCollector all = new RowCollector(spec.hasValue());
    for (Level level : levels) {
      for (Rows rows : level.partitions()) {
        for (int row = 0; row < rows.size(); row++) {
          long person = rows.persons()[row];
          all.add(
              person < 0 ? person : persons.get(person, person),
              rows.times()[row],
              rows.parts()[row],
              rows.value(row));
        }
      }
    }
    version++;
    forgotten = version;
    levels = List.of(Level.of(all.sorted(), 0, lives.parts()));
  }

  /** The rows as they are now. */
  StreamView view() {
    return new StreamView(id, names, version, forgotten, levels, lives);
  }

  long rows() {
    return levels.stream().mapToLong(Level::rows).sum();
  }

  long bytes() {
    return Rows.bytes(rows(), spec.hasValue())
        + names.bytes()
        + 40L * lives.parts()
        + 60_000L * levels.size();
  }
}
