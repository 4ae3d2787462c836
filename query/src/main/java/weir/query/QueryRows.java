package weir.query;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a running query, made as they are asked for; never all in memory. Used by the thread
 * that ran the query.
 */
public interface QueryRows extends AutoCloseable {
  List<QueryColumn> columns();

  QueryStats stats();

  /**
   * Goes to the next row, the first at first.
   *
   * @return whether there is one
   * @throws QueryException if the query failed, or its deadline ended it
   */
  boolean next() throws QueryException;

  /**
   * A value of the row: null, Boolean, Byte, Short, Integer, Long, BigInteger, BigDecimal, Float,
   * Double, String, byte[], Instant, LocalDateTime (a timestamp without a zone), LocalDate,
   * LocalTime, OffsetTime, List of such, or Map of such (a struct's keys are Strings).
   *
   * @param column from 0
   */
  @Nullable Object value(int column) throws QueryException;

  /** Ends the query and frees what it holds. Does not fail. */
  @Override
  void close();

  /** How much of a running query is done, from 0 to 1, where an engine knows. Any thread. */
  interface Progress {
    OptionalDouble fraction();
  }
}
