package weir.lake.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import weir.event.CleanRecord;
import weir.lake.catalog.TableLayout;
import weir.lake.rows.RowBuffer;

/** Pending rows of an Iceberg table. */
public final class IcebergRowWriter implements RowWriter {
  private static final int ATTEMPTS = 4;

  private final Table table;
  private final TableLayout layout;
  private final TableFiles files;
  private final RowBuffer buffer;

  IcebergRowWriter(Table table, TableLayout layout, TableFiles files) {
    this.table = table;
    this.layout = layout;
    this.files = files;
    this.buffer = new RowBuffer(layout, TableLayout.columnsOf(table.schema()));
  }

  @Override
  public void add(CleanRecord row) {
    buffer.add(row);
  }

  @Override
  public int rows() {
    return buffer.rows();
  }

  @Override
  public long bytes() {
    return buffer.bytes();
  }

  /** How many property values had to go into the column {@code properties}. */
  public long misfits() {
    return buffer.misfits();
  }

  @Override
  public List<DataFile> write() throws IOException {
    if (buffer.rows() == 0) {
      return List.of();
    }
    addColumns();
    return files.write(table, layout, buffer);
  }

  /** Adds what columns the table lacks, all in one commit of its own. */
  private void addColumns() throws IOException {
    RuntimeException failure = null;
    for (int attempt = 0; attempt <= ATTEMPTS; attempt++) {
      try {
        if (failure != null) {
          table.refresh();
        }
        List<RowBuffer.Column> missing = missing();
        if (missing.isEmpty()) {
          return;
        }
        UpdateSchema update = table.updateSchema();
        for (RowBuffer.Column column : missing) {
          Type type = TableLayout.icebergType(column.type());
          update.addColumn(column.name(), type);
        }
        update.commit();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    throw new IOException("cannot add columns to " + table.name(), failure);
  }

  private List<RowBuffer.Column> missing() {
    List<RowBuffer.Column> missing = new ArrayList<>();
    for (int number = 0; number < buffer.columns().size(); number++) {
      RowBuffer.Column column = buffer.columns().get(number);
      if (buffer.isUsed(number) && table.schema().findField(column.name()) == null) {
        missing.add(column);
      }
    }
    return missing;
  }
}
