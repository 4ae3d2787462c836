package weir.query.kept;

import java.util.List;

/** Goes over the persons of some streams, as they were at some versions. Used by one thread. */
final class Fold {
  private final Groups groups;
  private final int joins;
  private final TimeSpan span;
  private final int[] streams;
  private final Level[] levels;
  private final boolean[][] seen;
  private final boolean[] seenAll;
  private final PersonEvents events = new PersonEvents();

  /**
   * Prepares.
   *
   * @param versions of each of the views
   * @param joins how many of the groups' joins count
   */
  Fold(List<StreamView> views, long[] versions, Groups groups, int joins, TimeSpan span) {
    this.groups = groups;
    this.joins = joins;
    this.span = span;
    int count = views.stream().mapToInt(view -> view.levels().size()).sum();
    streams = new int[count];
    levels = new Level[count];
    seen = new boolean[count][];
    seenAll = new boolean[count];
    int at = 0;
    for (int stream = 0; stream < views.size(); stream++) {
      StreamView view = views.get(stream);
      boolean[] parts = view.lives().seen(versions[stream]);
      for (Level level : view.levels()) {
        streams[at] = stream;
        levels[at] = level;
        seen[at] = parts;
        seenAll[at] = level.hasAll(parts);
        at++;
      }
    }
  }

  /** Takes all persons of a partition but those that have several keys. */
  void partition(int partition, Totals<?> totals) {
    int count = levels.length;
    Rows[] rows = new Rows[count];
    int[] at = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = levels[i].partitions()[partition];
    }
    boolean hasGroups = joins > 0;
    while (true) {
      long person = Long.MAX_VALUE;
      for (int i = 0; i < count; i++) {
        if (at[i] < rows[i].size()) {
          person = Math.min(person, rows[i].persons()[at[i]]);
        }
      }
      if (person == Long.MAX_VALUE) {
        return;
      }
      boolean apart =
          hasGroups && (groups.isJoined(person, joins) || groups.hasMore(person, joins));
      events.begin(person);
      for (int i = 0; i < count; i++) {
        if (at[i] < rows[i].size() && rows[i].persons()[at[i]] == person) {
          at[i] = take(i, rows[i], at[i], person, !apart);
        }
      }
      if (!apart && events.size() > 0) {
        events.sort();
        totals.add(events, 1);
      }
    }
  }

  private int take(int level, Rows rows, int from, long person, boolean wanted) {
    long[] persons = rows.persons();
    long[] times = rows.times();
    int row = from;
    if (!wanted) {
      while (row < persons.length && persons[row] == person) {
        row++;
      }
      return row;
    }
    events.beginRun();
    boolean all = seenAll[level];
    boolean[] parts = seen[level];
    for (; row < persons.length && persons[row] == person; row++) {
      long time = times[row];
      if (time >= span.from() && time < span.to() && (all || parts[rows.parts()[row]])) {
        events.add(time, streams[level], rows.value(row));
      }
    }
    return row;
  }

  /** Takes the persons that have several keys. */
  void groups(Totals<?> totals) {
    for (int join = 0; join < joins; join++) {
      long person = groups.person(join);
      if (groups.keys(person, join).length == 1) {
        person(person, totals, 1);
      }
    }
  }

  /** Takes a person, or takes it back. */
  void person(long person, Totals<?> totals, int sign) {
    events.begin(person);
    for (long key : groups.keys(person, joins)) {
      int partition = Rows.partition(key);
      for (int i = 0; i < levels.length; i++) {
        Rows rows = levels[i].partitions()[partition];
        int first = rows.first(key);
        if (first < rows.size() && rows.persons()[first] == key) {
          take(i, rows, first, key, true);
        }
      }
    }
    if (events.size() > 0) {
      events.sort();
      totals.add(events, sign);
    }
  }
}
