package weir.tools.importing;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What became of the rows that were read: accepted + refused + quarantined = rows.
 *
 * @param id which import it was
 * @param rows how many were read
 * @param accepted stored as events
 * @param refused not sent, or not taken by the collector
 * @param quarantined taken by the collector, into {@code bad_events}
 * @param duplicates of the accepted ones, how many were there before; empty if that is not known
 * @param resumed of the accepted ones, how many an earlier, interrupted import had sent
 * @param reasons the first lines that are no events, and why
 * @param failure why the import stopped; null if it is through
 * @param state where it is kept how far it came, if it stopped
 */
public record ImportResult(
    ImportId id,
    long rows,
    long accepted,
    long refused,
    long quarantined,
    OptionalLong duplicates,
    long resumed,
    List<String> reasons,
    @Nullable String failure,
    Path state) {
  public ImportResult {
    reasons = List.copyOf(reasons);
  }
}
