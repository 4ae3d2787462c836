package weir.lake.rows;

/** Some rows of a buffer, in some order. */
interface RowSequence {
  RowBuffer buffer();

  int count();

  /**
   * The buffer's number of a row.
   *
   * @param place from 0
   */
  int row(int place);
}
