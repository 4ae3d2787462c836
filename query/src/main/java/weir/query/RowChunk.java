package weir.query;

import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;

/** Some rows of a result, as columns. Valid until the next chunk is read. */
public final class RowChunk {
  private final DuckDBReadableVector[] columns;
  private final int rows;

  public RowChunk(DuckDBDataChunkReader chunk) {
    columns = new DuckDBReadableVector[(int) chunk.columnCount()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = chunk.vector(i);
    }
    rows = (int) chunk.rowCount();
  }

  /** How many. */
  public int rows() {
    return rows;
  }

  public boolean isNull(int column, int row) {
    return columns[column].isNull(row);
  }

  /** The value of a column of BIGINT, which is not null. */
  public long number(int column, int row) {
    return columns[column].getLong(row);
  }

  /** The value of a column of DOUBLE, which is not null. */
  public double real(int column, int row) {
    return columns[column].getDouble(row);
  }

  /** The value of a column of VARCHAR, which is not null. */
  public String text(int column, int row) {
    return columns[column].getString(row);
  }
}
