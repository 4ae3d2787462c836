package weir.query.kept;

/**
 * Rows of some parts of a stream, partition by partition. Never changed.
 *
 * @param firstPart the lowest number of a part
 * @param endPart one more than the highest
 */
record Level(Rows[] partitions, long rows, int firstPart, int endPart) {
  static Level of(Rows[] partitions, int firstPart, int endPart) {
    long rows = 0;
    for (Rows each : partitions) {
      rows += each.size();
    }
    return new Level(partitions, rows, firstPart, endPart);
  }

  /** The bytes that it takes beside those of the rows, approximately. */
  long overhead() {
    return 2_000 + 150 * Math.min(rows, Rows.PARTITIONS);
  }

  boolean hasAny(boolean[] parts) {
    for (int part = firstPart; part < endPart; part++) {
      if (parts[part]) {
        return true;
      }
    }
    return false;
  }

  boolean hasAll(boolean[] parts) {
    for (int part = firstPart; part < endPart; part++) {
      if (!parts[part]) {
        return false;
      }
    }
    return true;
  }

  /** The rows of both but those of some parts. */
  static Level merged(Level one, Level other, boolean[] without) {
    Rows[] merged = new Rows[Rows.PARTITIONS];
    Partitions.each(
        one.rows + other.rows,
        () ->
            partition ->
                merged[partition] =
                    RowMerge.merged(
                        one.partitions[partition], other.partitions[partition], without));
    return of(
        merged, Math.min(one.firstPart, other.firstPart), Math.max(one.endPart, other.endPart));
  }
}
