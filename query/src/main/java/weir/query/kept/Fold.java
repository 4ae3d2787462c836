package weir.query.kept;

import java.util.ArrayList;
import java.util.List;

/** Goes over the persons of some streams, as they were at some versions. Used by one thread. */
final class Fold {
  private final Groups groups;
  private final int joins;
  private final LevelCursor[] cursors;
  private final PersonEvents events;

  /**
   * Prepares.
   *
   * @param versions of each of the views
   * @param joins how many of the groups' joins count
   */
  Fold(List<StreamView> views, long[] versions, Groups groups, int joins, TimeSpan span) {
    this.groups = groups;
    this.joins = joins;
    List<LevelCursor> all = new ArrayList<>();
    for (int stream = 0; stream < views.size(); stream++) {
      StreamView view = views.get(stream);
      boolean[] parts = view.lives().seen(versions[stream]);
      for (Level level : view.levels()) {
        all.add(new LevelCursor(view, level, parts, span));
      }
    }
    cursors = all.toArray(LevelCursor[]::new);
    events = new PersonEvents(views.stream().anyMatch(view -> view.key() != null));
  }

  /** Takes all persons of a partition but those that have several keys. */
  void partition(int partition, Totals<?> totals) {
    for (LevelCursor cursor : cursors) {
      cursor.begin(partition);
    }
    boolean hasGroups = joins > 0;
    for (long person = next(); person != Long.MAX_VALUE; person = next()) {
      boolean apart =
          hasGroups && (groups.isJoined(person, joins) || groups.hasMore(person, joins));
      events.begin(person);
      for (LevelCursor cursor : cursors) {
        if (cursor.person() == person) {
          if (apart) {
            cursor.skip(person);
          } else {
            cursor.take(person, events);
          }
        }
      }
      add(totals, 1);
    }
  }

  private long next() {
    long person = Long.MAX_VALUE;
    for (LevelCursor cursor : cursors) {
      person = Math.min(person, cursor.person());
    }
    return person;
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
      for (LevelCursor cursor : cursors) {
        if (cursor.find(key)) {
          cursor.take(key, events);
        }
      }
    }
    add(totals, sign);
  }

  private void add(Totals<?> totals, int sign) {
    if (events.size() > 0) {
      if (totals.isOrdered()) {
        events.sort();
      }
      totals.add(events, sign);
    }
  }
}
