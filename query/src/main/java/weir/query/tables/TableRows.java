package weir.query.tables;

import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.event.ColumnType;
import weir.lake.LakeFile;
import weir.query.QueryException;

/** All rows of a table, in its files and in memory. */
final class TableRows implements EventRows {
  private final TableSql table;
  private final Files files;
  private final Scans scans;

  /** The files of a table. */
  interface Files {
    /** All files. */
    List<LakeFile> all() throws QueryException;

    /** Those that may hold one of the events. */
    default List<LakeFile> of(Set<String> events) throws QueryException {
      return all();
    }
  }

  /**
   * Describes rows.
   *
   * @param scans is told what is read
   */
  TableRows(TableSql table, Files files, Scans scans) {
    this.table = table;
    this.files = files;
    this.scans = scans;
  }

  @Override
  public Map<String, ColumnType> columns() {
    return table.columns();
  }

  @Override
  public String select(Set<String> names) throws QueryException {
    List<LakeFile> all = files.all();
    scans.add(all, table.read(names, false));
    return table.select(all, names);
  }

  @Override
  public String select(Set<String> names, Set<String> events) throws QueryException {
    List<LakeFile> some = files.of(events);
    scans.add(some, table.read(names, true));
    return table.select(some, names, events);
  }
}
