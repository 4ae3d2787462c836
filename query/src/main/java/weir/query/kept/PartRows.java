package weir.query.kept;

/**
 * The rows of a stream in one part of the table.
 *
 * @param rows how many
 * @param first the lowest number of one
 * @param range how far the numbers reach from there
 * @param times from the earliest of their times to behind the latest
 */
record PartRows(int rows, int first, int range, TimeSpan times) {
  static final PartRows NONE = new PartRows(0, 0, 0, new TimeSpan(0, 0));
}
