package weir.query.hottail;

/**
 * Rows of a generation.
 *
 * @param from the first one's number
 * @param to the number after the last one's
 */
public record TailRows(Generation generation, int from, int to) {
  public TailRows {
    if (from < 0 || from > to) {
      throw new IllegalArgumentException("rows " + from + " to " + to);
    }
  }
}
