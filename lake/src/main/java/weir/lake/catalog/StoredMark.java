package weir.lake.catalog;

import org.apache.iceberg.Table;

/** Says in a table's properties that users stored it. */
public final class StoredMark {
  public static final String PROPERTY = "weir.stored";

  private StoredMark() {}

  public static boolean isOn(Table table) {
    return "true".equals(table.properties().get(PROPERTY));
  }
}
