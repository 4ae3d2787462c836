package weir.query.kept;

import weir.query.RowChunk;

/**
 * Finds the numbers of the values that rows come with. Texts that it has met, up to some thousands,
 * it finds without the dictionary's lock; for other values its user holds that. Used by one thread.
 */
final class ValueTaker {
  private static final int MOST_MET = 1 << 12;

  private final Expression.Kind kind;
  private final KeptColumn.Values dictionary;
  private final LongMap met = new LongMap();
  private long lastHash;
  private int last = ValueNames.NULL;

  ValueTaker(Expression.Kind kind, KeptColumn.Values dictionary) {
    this.kind = kind;
    this.dictionary = dictionary;
  }

  /** The number of a row's value: the second column; text stands in the third, its hash there. */
  int number(RowChunk chunk, int row) {
    if (chunk.isNull(1, row)) {
      return ValueNames.NULL;
    }
    return switch (kind) {
      case TEXT -> text(chunk, row);
      case REAL -> dictionary.names().number(chunk.real(1, row) + 0.0); // so that -0 is 0
      default -> dictionary.names().number(chunk.number(1, row) != 0);
    };
  }

  private int text(RowChunk chunk, int row) {
    long hash = chunk.number(1, row);
    if (hash == lastHash && last != ValueNames.NULL) {
      return last;
    }
    if (chunk.isNull(2, row)) {
      return ValueNames.NULL;
    }
    int number = (int) met.get(hash, ValueNames.NULL);
    if (number == ValueNames.NULL) {
      number = common(hash, chunk, row);
      if (met.size() < MOST_MET) {
        met.put(hash, number);
      }
    }
    lastHash = hash;
    last = number;
    return number;
  }

  private int common(long hash, RowChunk chunk, int row) {
    synchronized (dictionary) {
      long known = dictionary.hashes().get(hash, ValueNames.NULL);
      if (known == ValueNames.NULL) {
        known = dictionary.names().number(chunk.text(2, row));
        dictionary.hashes().put(hash, known);
      }
      return (int) known;
    }
  }
}
