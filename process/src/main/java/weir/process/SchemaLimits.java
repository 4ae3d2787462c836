package weir.process;

/**
 * How far property columns may grow.
 *
 * @param columnsPerProject how many a project may have at all
 * @param columnsPerKey how many of them one write key may have brought, so that no key takes those
 *     of all others
 * @param newColumnsPerKeyAndHour how many one write key may bring in an hour of received_at, since
 *     a write key in a web page is public
 * @param newColumnsPerEvent an event with more new properties than this brings no column at all:
 *     its names are data, and would use up the columns of others
 */
public record SchemaLimits(
    int columnsPerProject, int columnsPerKey, int newColumnsPerKeyAndHour, int newColumnsPerEvent) {
  public SchemaLimits {
    if (columnsPerProject < 0
        || columnsPerKey < 0
        || newColumnsPerKeyAndHour < 0
        || newColumnsPerEvent < 0) {
      throw new IllegalArgumentException("limits must not be negative");
    }
  }

  public static SchemaLimits defaults() {
    return new SchemaLimits(500, 400, 200, 100);
  }
}
