package weir.lake.catalog;

/** A table of the lake. */
public record TableName(String project, TableLayout layout) {
  @Override
  public String toString() {
    return project + "." + layout.tableName();
  }
}
