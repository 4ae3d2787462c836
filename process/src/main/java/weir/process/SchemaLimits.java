package weir.process;

/**
 * How far property columns may grow.
 *
 * @param columnsPerProject how many a project may have at all
 * @param newColumnsPerKeyAndHour how many one write key may bring in an hour of received_at, since
 *     a write key in a web page is public
 */
public record SchemaLimits(int columnsPerProject, int newColumnsPerKeyAndHour) {
  public SchemaLimits {
    if (columnsPerProject < 0 || newColumnsPerKeyAndHour < 0) {
      throw new IllegalArgumentException("limits must not be negative");
    }
  }

  public static SchemaLimits defaults() {
    return new SchemaLimits(500, 200);
  }
}
