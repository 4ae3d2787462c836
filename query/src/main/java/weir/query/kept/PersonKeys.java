package weir.query.kept;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weir.query.EventView;
import weir.query.QueryException;

/**
 * What rows have for a person: that of its actor, unless the actor was merged when the rows were
 * read. Later merges are kept beside, until they are so many that the rows get new keys.
 */
final class PersonKeys {
  private final int many;
  private @Nullable Object state;
  private long version;
  private LongMap merged = new LongMap();
  private Groups later = Groups.NONE;

  /**
   * Knows of no merges.
   *
   * @param many later merges of which the rows get new keys
   */
  PersonKeys(int many) {
    this.many = many;
  }

  /** What has become of the keys. */
  enum Change {
    /** Nothing, or some merges more. */
    NONE,
    /** The rows are to get the keys of {@link #later}. */
    MANY,
    /** Rows that have keys are of no use. */
    ALL
  }

  Change update(EventView view) throws QueryException {
    Change change = Change.NONE;
    if (!view.merges().equals(state)) {
      reset(view.merges());
      change = Change.ALL;
    }
    if (view.mergeVersion() > version && !readNew(view)) {
      reset(view.merges());
      readNew(view);
      change = Change.ALL;
    }
    if (change == Change.ALL) {
      settle();
    } else if (later.size() > many) {
      change = Change.MANY;
    }
    return change;
  }

  private void reset(Object newState) {
    state = newState;
    version = 0;
    merged = new LongMap();
    later = Groups.NONE;
  }

  /** Returns false where an actor has left its person. */
  private boolean readNew(EventView view) throws QueryException {
    NewMerges merges = new NewMerges();
    view.readMerges(
        version,
        chunk -> {
          for (int row = 0; row < chunk.rows(); row++) {
            merges.add(chunk.number(0, row), chunk.number(1, row));
            version = Math.max(version, chunk.number(2, row));
          }
        });
    later = later.with(merges.actors(), merges.persons());
    return merges.fit;
  }

  private final class NewMerges {
    private long[] actors = new long[16];
    private long[] persons = new long[16];
    private int size;
    private boolean fit = true;

    void add(long actor, long person) {
      long known = merged.get(actor, later.person(actor, later.size()));
      if (known != actor) {
        fit &= known == person;
        return;
      }
      if (size == actors.length) {
        actors = Arrays.copyOf(actors, 2 * size);
        persons = Arrays.copyOf(persons, 2 * size);
      }
      actors[size] = actor;
      persons[size] = person;
      size++;
    }

    long[] actors() {
      return Arrays.copyOf(actors, size);
    }

    long[] persons() {
      return Arrays.copyOf(persons, size);
    }
  }

  /** The key for an actor's new rows. */
  long key(long actor) {
    return actor < 0 ? actor : merged.get(actor, actor);
  }

  Groups later() {
    return later;
  }

  /** From now on all rows have the keys that later merges gave. */
  void settle() {
    for (int i = 0; i < later.size(); i++) {
      merged.put(later.joined(i), later.person(i));
    }
    later = Groups.NONE;
  }
}
