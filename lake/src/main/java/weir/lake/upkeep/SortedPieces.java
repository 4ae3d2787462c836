package weir.lake.upkeep;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import weir.lake.rows.ParquetEngine;
import weir.lake.rows.SortedRows;

/**
 * Rows in the order of their table, for rows so long that DuckDB cannot sort them at once.
 *
 * <p>The places of the rows are sorted by the keys alone. Then so many rows at a time as a piece
 * holds are gathered into a file of their own. The files that are merged are sorted themselves, so
 * that a piece is a short stretch of each.
 */
final class SortedPieces implements AutoCloseable {
  private final SortedRows rows;
  private final Path folder;
  private final Statements statements;
  private final List<Path> pieces = new ArrayList<>();

  /** Makes statements, to be closed after each use. */
  interface Statements {
    Statement start() throws SQLException;
  }

  /** The rows of one file from one number to another, both included. */
  private record Stretch(Path file, long from, long to) {}

  /**
   * Writes the pieces.
   *
   * @param pieceRows rows in a piece
   * @param folder for the pieces until this is closed
   */
  SortedPieces(SortedRows rows, int pieceRows, Path folder, Statements statements)
      throws SQLException, IOException {
    this.rows = rows;
    this.folder = folder;
    this.statements = statements;
    try {
      write(pieceRows);
    } catch (SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** All rows, sorted: the pieces one after the other. */
  String select() {
    return "SELECT " + rows.names() + " FROM read_parquet(" + SortedRows.list(pieces) + ")";
  }

  private void write(int pieceRows) throws SQLException {
    long count;
    try (Statement statement = statements.start()) {
      statement.execute("CREATE OR REPLACE TEMP TABLE places AS " + rows.places());
      try (ResultSet result = statement.executeQuery("SELECT count(*) FROM places")) {
        count = result.next() ? result.getLong(1) : 0;
      }
    }
    for (long from = 0; from < count; from += pieceRows) {
      try (Statement statement = statements.start()) {
        statement.execute(
            String.format(
                Locale.ROOT,
                "CREATE OR REPLACE TEMP TABLE piece AS SELECT file, number, rowid AS place"
                    + " FROM places WHERE rowid >= %d AND rowid < %d",
                from,
                from + pieceRows));
        gather(statement);
      }
    }
  }

  private void gather(Statement statement) throws SQLException {
    List<String> parts = new ArrayList<>();
    for (Stretch stretch : stretches(statement)) {
      parts.add(
          String.format(
              Locale.ROOT,
              "SELECT * FROM %s WHERE %s BETWEEN %d AND %d",
              SortedRows.relation(rows.columns(), List.of(stretch.file()), true),
              SortedRows.NUMBER,
              stretch.from(),
              stretch.to()));
    }
    Path piece = folder.resolve("piece-" + pieces.size() + ".parquet");
    pieces.add(piece);
    statement.execute(
        "COPY (SELECT "
            + rows.names()
            + " FROM ("
            + String.join(" UNION ALL ", parts)
            + ") r JOIN piece p ON r."
            + ParquetEngine.quoted(SortedRows.FILE)
            + " = p.file AND r."
            + SortedRows.NUMBER
            + " = p.number ORDER BY p.place) TO "
            + SortedRows.text(piece.toString())
            + " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)");
  }

  private static List<Stretch> stretches(Statement statement) throws SQLException {
    List<Stretch> stretches = new ArrayList<>();
    try (ResultSet result =
        statement.executeQuery(
            "SELECT file, min(number), max(number) FROM piece GROUP BY file ORDER BY file")) {
      while (result.next()) {
        stretches.add(
            new Stretch(Path.of(result.getString(1)), result.getLong(2), result.getLong(3)));
      }
    }
    return stretches;
  }

  @Override
  public void close() throws IOException {
    for (Path piece : pieces) {
      java.nio.file.Files.deleteIfExists(piece);
    }
  }
}
