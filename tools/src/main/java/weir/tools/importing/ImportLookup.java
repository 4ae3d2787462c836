package weir.tools.importing;

import java.io.IOException;
import java.util.OptionalLong;

/** Asks how many events an import has made. */
public interface ImportLookup {
  /** Knows nothing. */
  ImportLookup UNKNOWN = id -> OptionalLong.empty();

  /**
   * How many there are, in {@code events} or {@code bad_events}, once all that was sent is decided.
   *
   * @return empty if that cannot be told now
   */
  OptionalLong count(ImportId id) throws IOException, InterruptedException;
}
