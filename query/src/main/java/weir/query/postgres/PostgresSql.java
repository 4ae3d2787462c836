package weir.query.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A statement of PostgreSQL told in the engine's SQL.
 *
 * @param text what the engine is given
 * @param outputStarts where each piece begins in {@code text}
 * @param inputStarts where each piece comes from in the original
 * @param copied whether each piece is the original's, letter for letter
 */
public record PostgresSql(
    String text, List<Integer> outputStarts, List<Integer> inputStarts, List<Boolean> copied) {
  public PostgresSql {
    outputStarts = List.copyOf(outputStarts);
    inputStarts = List.copyOf(inputStarts);
    copied = List.copyOf(copied);
  }

  /**
   * Translates a statement.
   *
   * @param parameterTypes object ids of {@code $1} and following; 0 where none was said
   */
  public static PostgresSql translate(String sql, List<Integer> parameterTypes) {
    return new Translation(sql, parameterTypes).run();
  }

  /**
   * Translates a statement to one of which the engine can tell types of parameters that it cannot
   * tell of the statement itself: of such that PostgreSQL takes to be of the other operand's type,
   * and of the elements of {@link #arrays}. It may not be a statement that makes sense.
   */
  public static PostgresSql inferring(String sql, List<Integer> parameterTypes) {
    Translation translation = new Translation(sql, parameterTypes);
    translation.infer();
    return translation.run();
  }

  /** The numbers of the parameters that are arrays: those in {@code ANY ($1)}. */
  public static Set<Integer> arrays(String sql) {
    return Inference.arrays(SqlToken.of(sql));
  }

  /**
   * The types, as they are written, that parameters are cast to where they stand, by the number of
   * the parameter, in ascending order.
   */
  public static Map<Integer, String> casts(String sql) {
    return Inference.casts(SqlToken.of(sql), sql);
  }

  /** A statement whose columns have types as PostgreSQL writes them. */
  public static String nulls(Collection<String> types) {
    return types.stream()
        .map(type -> "CAST(NULL AS " + type + ")")
        .collect(Collectors.joining(", ", "SELECT ", ""));
  }

  /** The place in the original of an index into {@link #text()}. */
  public int originalIndex(int index) {
    int piece = 0;
    while (piece + 1 < outputStarts.size() && outputStarts.get(piece + 1) <= index) {
      piece++;
    }
    if (outputStarts.isEmpty()) {
      return index;
    }
    return inputStarts.get(piece) + (copied.get(piece) ? index - outputStarts.get(piece) : 0);
  }

  /** Puts the text together. */
  static final class Builder {
    private final String input;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> outputStarts = new ArrayList<>();
    private final List<Integer> inputStarts = new ArrayList<>();
    private final List<Boolean> copied = new ArrayList<>();
    private int at;

    Builder(String input) {
      this.input = input;
    }

    /** Takes what comes before the index as it is. */
    void copyTo(int end) {
      if (end > at) {
        piece(at, true);
        text.append(input, at, end);
        at = end;
      }
    }

    /** Puts something else in the place of a part of the original. */
    void replace(int start, int end, String by) {
      copyTo(start);
      piece(start, false);
      text.append(by);
      at = end;
    }

    /** Puts something between what comes before the index and what follows. */
    void insert(int index, String inserted) {
      if (!inserted.isEmpty()) {
        copyTo(index);
        piece(at, false);
        text.append(inserted);
      }
    }

    private void piece(int from, boolean isCopy) {
      outputStarts.add(text.length());
      inputStarts.add(from);
      copied.add(isCopy);
    }

    PostgresSql build() {
      copyTo(input.length());
      return new PostgresSql(text.toString(), outputStarts, inputStarts, copied);
    }
  }
}
