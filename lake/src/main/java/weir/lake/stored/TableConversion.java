package weir.lake.stored;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import weir.lake.StoredColumn;

/**
 * Makes a Parquet file of a file that a user sent. It needs nothing but the two files and the
 * folder of the output, so that it can run apart from all else.
 */
public interface TableConversion {
  /**
   * Converts all of a file, or refuses all of it.
   *
   * @param cancelled asked again and again; once it says so, the conversion ends soon
   * @return what was written; the output is not synced
   * @throws UnreadableInputException if it cannot become a table, is beyond a limit, or was
   *     cancelled; what is in the output means nothing
   * @throws IOException if that is not the input's fault
   */
  Converted convert(Request request, BooleanSupplier cancelled)
      throws UnreadableInputException, IOException;

  /**
   * Converts within this process, by a DuckDB that reaches nothing but the folder that input and
   * output are in.
   *
   * @param memoryBytes of DuckDB
   * @param ticker nanoseconds
   */
  static TableConversion within(long memoryBytes, LongSupplier ticker) {
    return new DuckConversion(memoryBytes, ticker);
  }

  /**
   * What to convert.
   *
   * @param ids the field ids that the columns get
   * @param output an empty file
   */
  record Request(StoredInput input, FieldIds ids, Path output, Limits limits) {
    public Request {
      Objects.requireNonNull(input, "input");
      Objects.requireNonNull(ids, "ids");
      Objects.requireNonNull(output, "output");
      Objects.requireNonNull(limits, "limits");
    }
  }

  /**
   * What a conversion may use.
   *
   * @param rows of the table at most
   * @param bytes of the output at most
   * @param time that it may take
   */
  record Limits(long rows, long bytes, Duration time) {
    /** As much as there is. */
    public static final Limits NONE =
        new Limits(Long.MAX_VALUE - 1, Long.MAX_VALUE, Duration.ofDays(365));

    public Limits {
      if (rows < 1 || rows == Long.MAX_VALUE || bytes < 1 || !time.isPositive()) {
        throw new IllegalArgumentException("limits must be positive");
      }
    }
  }

  /**
   * The ids that a table has given, by which files know their columns.
   *
   * @param known by the columns' names
   * @param last the largest that was ever given
   */
  record FieldIds(Map<String, Integer> known, int last) {
    /** Of a table that does not exist yet. */
    static final FieldIds NONE = new FieldIds(Map.of(), 0);

    public FieldIds {
      known = Map.copyOf(known);
    }
  }

  /**
   * What was written.
   *
   * @param columns in order, with the types that they are kept as
   */
  record Converted(long rows, long bytes, List<StoredColumn> columns) {
    public Converted {
      columns = List.copyOf(columns);
    }
  }
}
