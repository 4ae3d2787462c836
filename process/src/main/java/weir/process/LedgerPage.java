package weir.process;

import java.util.List;
import java.util.Optional;

/**
 * Some rows of the ledger, in order.
 *
 * @param next after which place the next page goes on; empty if these are the last
 */
public record LedgerPage(List<LedgerRow> rows, Optional<Place> next) {
  public LedgerPage {
    rows = List.copyOf(rows);
  }

  /** Between two rows: after the one of this minute and source. */
  public record Place(long minute, String source) {
    /** Before every row. */
    public static final Place BEGINNING = new Place(Long.MIN_VALUE, "");
  }
}
