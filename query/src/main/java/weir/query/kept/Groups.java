package weir.query.kept;

import java.util.Arrays;

/**
 * Which keys of persons were joined to another one since the rows got their keys, in the order in
 * which that happened. Never changed.
 */
final class Groups {
  static final Groups NONE = new Groups(new long[0], new long[0]);

  private final long[] joined;
  private final long[] persons;
  private final LongMap placeOf = new LongMap();
  private final LongMap lastOf = new LongMap();
  private final int[] before;

  private Groups(long[] joined, long[] persons) {
    this.joined = joined;
    this.persons = persons;
    this.before = new int[joined.length];
    for (int i = 0; i < joined.length; i++) {
      placeOf.put(joined[i], i);
      before[i] = (int) lastOf.get(persons[i], -1);
      lastOf.put(persons[i], i);
    }
  }

  Groups with(long[] moreJoined, long[] morePersons) {
    return new Groups(concat(joined, moreJoined), concat(persons, morePersons));
  }

  private static long[] concat(long[] one, long[] other) {
    long[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  int size() {
    return joined.length;
  }

  long joined(int place) {
    return joined[place];
  }

  long person(int place) {
    return persons[place];
  }

  /** The person of a key as the first joins have it. */
  long person(long key, int joins) {
    if (key < 0) {
      return key;
    }
    int place = (int) placeOf.get(key, -1);
    return place >= 0 && place < joins ? persons[place] : key;
  }

  boolean isJoined(long key, int joins) {
    int place = key < 0 ? -1 : (int) placeOf.get(key, -1);
    return place >= 0 && place < joins;
  }

  /** Whether other keys belong to a person. */
  boolean hasMore(long person, int joins) {
    return person >= 0 && next((int) lastOf.get(person, -1), joins) >= 0;
  }

  /** All keys of a person, itself first. */
  long[] keys(long person, int joins) {
    long[] keys = {person};
    if (person >= 0) {
      for (int place = next((int) lastOf.get(person, -1), joins);
          place >= 0;
          place = before[place]) {
        keys = concat(keys, new long[] {joined[place]});
      }
    }
    return keys;
  }

  private int next(int place, int joins) {
    int at = place;
    while (at >= joins) {
      at = before[at];
    }
    return at;
  }

  LongMap all() {
    LongMap all = new LongMap();
    for (int i = 0; i < joined.length; i++) {
      all.put(joined[i], persons[i]);
    }
    return all;
  }
}
