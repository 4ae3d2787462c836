package weir.query.kept;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an expression says of the rows of a stream, part by part: whether they meet a condition, a
 * bit each, or else the number of their value. Parts that were forgotten are so in later views
 * alone. Guarded by the project.
 */
final class KeptColumn {
  /** The marks of a part all of whose rows meet the condition. */
  static final long[] ALL = new long[0];

  private final Expression expression;
  private final Object id = new Object();
  private final Values dictionary;
  private long[][] marks = new long[0][];
  private int[][] values = new int[0][];
  private long bytes;
  private long lastUsed;
  private @Nullable Lives complete;

  /**
   * Knows nothing of any row.
   *
   * @param dictionary that columns of this expression share
   */
  KeptColumn(Expression expression, Values dictionary) {
    this.expression = expression;
    this.dictionary = dictionary;
  }

  /** The numbers of values; those of texts are found by a hash of 63 bits. */
  record Values(ValueNames names, LongMap hashes) {
    Values() {
      this(new ValueNames(), new LongMap());
    }

    long bytes() {
      return names.bytes() + 40L * hashes.size();
    }
  }

  Values dictionary() {
    return dictionary;
  }

  /**
   * A column as it is now.
   *
   * @param id the same for all states of one column
   * @param marks by part; empty where there are values
   * @param values by part; empty where there are marks
   */
  record View(Object id, long[][] marks, int[][] values, ValueNames names) {}

  View view() {
    return new View(id, marks, values, dictionary.names);
  }

  Expression expression() {
    return expression;
  }

  private boolean isCondition() {
    return expression.kind() == Expression.Kind.CONDITION;
  }

  boolean hasPart(int part) {
    return isCondition()
        ? part < marks.length && marks[part] != null
        : part < values.length && values[part] != null;
  }

  /** How much memory some rows need. */
  long bytesOf(PartRows rows) {
    return isCondition() ? words(rows) * 8L : rows.range() * 4L;
  }

  private static int words(PartRows rows) {
    return (rows.range() + 63) / 64;
  }

  /** Makes room for a part, none of whose rows meets the condition or has a value at first. */
  void begin(int part, PartRows rows) {
    if (isCondition()) {
      if (part >= marks.length) {
        marks = Arrays.copyOf(marks, Math.max(part + 1, 2 * marks.length));
      }
      marks[part] = new long[words(rows)];
    } else {
      if (part >= values.length) {
        values = Arrays.copyOf(values, Math.max(part + 1, 2 * values.length));
      }
      values[part] = new int[rows.range()];
      Arrays.fill(values[part], ValueNames.NULL);
    }
    bytes += bytesOf(rows);
  }

  /** Says that all rows of a part meet the condition, but those that are said not to. */
  void markAll(int part) {
    Arrays.fill(marks[part], -1);
  }

  /**
   * Says whether a row meets the condition. Several threads may do so for other parts.
   *
   * @param row from the first one that the part has
   */
  void mark(int part, int row, boolean meets) {
    if (meets) {
      marks[part][row >> 6] |= 1L << row;
    } else {
      marks[part][row >> 6] &= ~(1L << row);
    }
  }

  /** Keeps one array for all parts all of whose rows meet the condition. */
  void settle(int part) {
    long[] ofPart = marks[part];
    for (long word : ofPart) {
      if (word != -1) {
        return;
      }
    }
    bytes -= 8L * ofPart.length;
    marks[part] = ALL;
  }

  /**
   * Gives a row a value. Several threads may do so for other parts.
   *
   * @param row from the first one that the part has
   * @param value its number
   */
  void set(int part, int row, int value) {
    values[part][row] = value;
  }

  void forget(int part, PartRows rows) {
    if (!hasPart(part)) {
      return;
    }
    if (isCondition()) {
      bytes -= 8L * marks[part].length;
      marks = marks.clone();
      marks[part] = null;
    } else {
      bytes -= bytesOf(rows);
      values = values.clone();
      values[part] = null;
    }
  }

  /** The memory that it takes, without the dictionary. */
  long bytes() {
    return bytes + 8L * (marks.length + values.length) + 200;
  }

  boolean isCompleteFor(Lives lives) {
    return complete == lives;
  }

  void completeFor(Lives lives) {
    complete = lives;
  }

  void use(long now) {
    lastUsed = now;
  }

  long lastUsed() {
    return lastUsed;
  }
}
