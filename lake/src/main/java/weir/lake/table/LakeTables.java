package weir.lake.table;

import java.io.IOException;
import java.util.List;
import weir.lake.catalog.TableName;

/** The tables of a lake, opened for changes. */
public interface LakeTables {
  List<TableName> existing() throws IOException;

  /** Opens a table, and creates it durably where it does not exist. */
  IcebergTable open(TableName name) throws IOException;
}
